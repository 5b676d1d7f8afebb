package rc_test

import (
	"fmt"

	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/rc"
)

type font struct{ file string }

func (f *font) Close() { fmt.Println("closing", f.file) }

// Labels share a font. The last one to go closes it.
func ExampleRc() {
	mono := rc.New(font{"mono.ttf"})
	title, body := mono.Clone(), mono.Clone()
	mono.Drop()
	fmt.Println(title.Ptr().file, body.StrongCount(), "owners")
	title.Drop()
	body.Drop()
	// Output:
	// mono.ttf 2 owners
	// closing mono.ttf
}

// Several owners may change a value that is in a cell.
func ExampleRc_Ptr() {
	words := rc.New(cell.RefCell[[]string]{})
	writer, reader := words.Clone(), words
	writer.Ptr().WithMut(func(w *[]string) { *w = append(*w, "hello") })
	writer.Drop()
	reader.Ptr().With(func(w []string) { fmt.Println(w) })
	reader.Drop()
	// Output: [hello]
}

func ExampleRc_GetMut() {
	total := rc.New(1)
	second := total.Clone()
	_, alone := total.GetMut()
	second.Drop()
	p, aloneNow := total.GetMut()
	*p++
	fmt.Println(alone, aloneNow, total.Get())
	// Output: false true 2
}

// Undo: an old version costs nothing until the document changes.
func ExampleRc_MakeMut() {
	document := rc.New([2]string{"title", "text"})
	undo := document.Clone()
	document.MakeMut()[1] = "better text"
	fmt.Println(document.Get(), undo.Get())
	// Output: [title better text] [title text]
}

func ExampleRc_IntoInner() {
	a := rc.New(font{"mono.ttf"})
	b := a.Clone()
	_, first := a.IntoInner()
	f, last := b.IntoInner()
	fmt.Println(first, last, f.file) // not closed: it is the caller's again
	// Output: false true mono.ttf
}

// A folder owns its entries; an entry knows its folder without owning it.
type folder struct {
	name    string
	self    rc.Weak[folder]
	entries []entry
}

type entry struct {
	name   string
	parent rc.Weak[folder]
}

func (f *folder) Drop() {
	fmt.Println("dropping", f.name)
	for i := range f.entries {
		f.entries[i].parent.Drop()
	}
	f.self.Drop()
}

func ExampleWeak() {
	home := rc.New(folder{name: "home"})
	e := entry{name: "notes", parent: home.Downgrade()}
	if parent, ok := e.parent.Upgrade(); ok {
		fmt.Println(parent.Ptr().name + "/" + e.name)
		parent.Drop()
	}
	home.Drop()
	_, ok := e.parent.Upgrade()
	fmt.Println(ok)
	// Output:
	// home/notes
	// dropping home
	// false
}

func ExampleNewCyclic() {
	home := rc.NewCyclic(func(self *rc.Weak[folder]) folder {
		return folder{name: "home", self: self.Clone(), entries: []entry{{"notes", self.Clone()}}}
	})
	fmt.Println(home.StrongCount(), home.WeakCount())
	home.Drop()
	// Output:
	// 1 2
	// dropping home
}

func ExampleUseAfterDropError() {
	defer func() {
		err, _ := recover().(*rc.UseAfterDropError)
		fmt.Println(err.Op, "of", err.Type)
	}()
	a := rc.New(5)
	a.Drop()
	a.Get()
	// Output: Get of Rc[int]
}
