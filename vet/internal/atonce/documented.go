package atonce

import (
	"go/ast"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// documented finds fields that an exported method writes, and that another one
// reads before it has acquired anything, of a type whose documentation says
// without reserve that it is for several goroutines. Whoever calls the second
// after the first has learned nothing of the write, whatever the first has
// locked: what is acquired on the side of the reader is what counts.
//
// Setters that store what they are given are left alone, as options that come
// before the object is used, and so are methods whose own documentation speaks
// of goroutines or of what has to come first. A type that gives its users Lock and
// Unlock may mean that they are to call them.
func (f *finder) documented() {
	docs := f.docs()
	for _, name := range slices.Sorted(maps.Keys(docs.types)) {
		obj, ok := f.pass.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || !obj.Exported() || !concurrent(docs.types[name]) {
			continue
		}
		named, ok := types.Unalias(obj.Type()).(*types.Named)
		if !ok || lockset.IsLock(types.NewPointer(named)) {
			continue
		}
		writes := f.methodWrites(named, docs)
		if len(writes) == 0 {
			continue
		}
		for m := range f.methodsOf(named) {
			if reserved(docs.methods[m.Object().(*types.Func)]) {
				continue
			}
			for _, a := range accesses(m, receiver(m), maxCalls, map[*ssa.Function]bool{}, func(ssa.Instruction) bool { return true }) {
				w, ok := writes[a.place]
				if !ok || a.Write || w.by == m {
					continue
				}
				f.add(Finding{
					A: w.Access, B: a, At: obj.Pos(),
					Evidence: "the documentation of " + name + " says that it is for several goroutines, which may call " + w.by.Name() + " and " + m.Name() + " at once",
				})
			}
		}
	}
}

// A methodWrite is an access by an exported method.
type methodWrite struct {
	Access
	by *ssa.Function
}

// methodWrites are the writes of exported methods of t, with those that they
// call, to fields of their receiver.
func (f *finder) methodWrites(t *types.Named, docs docs) map[place]methodWrite {
	found := map[place]methodWrite{}
	for m := range f.methodsOf(t) {
		if reserved(docs.methods[m.Object().(*types.Func)]) {
			continue
		}
		for _, b := range m.Blocks {
			for _, instr := range b.Instrs {
				a, ok := accessOf(instr, receiver(m))
				if !ok || !a.Write || a.place.field == nil {
					continue
				}
				if store, ok := instr.(*ssa.Store); ok {
					if _, given := store.Val.(*ssa.Parameter); given {
						continue
					}
				}
				if _, known := found[a.place]; !known {
					found[a.place] = methodWrite{a, m}
				}
			}
		}
	}
	return found
}

// methodsOf yields the exported methods of t with a pointer as receiver, but
// for those in tests.
func (f *finder) methodsOf(t *types.Named) func(yield func(*ssa.Function) bool) {
	return func(yield func(*ssa.Function) bool) {
		for method := range t.Methods() {
			m := f.prog.Pkg.Prog.FuncValue(method)
			if m == nil || !method.Exported() || len(m.Blocks) == 0 || receiver(m) == nil || f.inTest(m) {
				continue
			}
			if !yield(m) {
				return
			}
		}
	}
}

// docs are the comments on the types and methods of a package.
type docs struct {
	types   map[string]string
	methods map[*types.Func]string
}

func (f *finder) docs() docs {
	d := docs{map[string]string{}, map[*types.Func]string{}}
	for _, file := range f.pass.Files {
		for _, decl := range file.Decls {
			switch x := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range x.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						doc := t.Doc
						if doc == nil && len(x.Specs) == 1 {
							doc = x.Doc
						}
						d.types[t.Name.Name] = doc.Text()
					}
				}
			case *ast.FuncDecl:
				if fn, ok := f.pass.TypesInfo.Defs[x.Name].(*types.Func); ok {
					d.methods[fn] = x.Doc.Text()
				}
			}
		}
	}
	return d
}

var (
	forSeveral = regexp.MustCompile(`safe (for|to)\b.*(concurren|goroutine)|(thread|goroutine|concurrency)[- ]?safe\b|\b(may|can) be (used|called|shared)\b.*(concurrently|goroutines)`)
	withal     = regexp.MustCompile(`\b(not|never|no|non|cannot|neither|nor|unless|except|if|but|only|once|after|before|when|while|until|should|must|makes?|without)\b|n't|unsafe|non-`)
	reserve    = regexp.MustCompile(`concurren|thread|(a|one|single|same|other|another|two|several|multiple|many) goroutines?\b|before|must|only once|not safe`)
)

// concurrent reports whether a sentence of doc says without reserve that a value
// of the type is for several goroutines.
func concurrent(doc string) bool {
	for sentence := range strings.SplitSeq(strings.ToLower(strings.Join(strings.Fields(doc), " ")), ". ") {
		if forSeveral.MatchString(sentence) && !withal.MatchString(sentence) {
			return true
		}
	}
	return false
}

// reserved reports whether the comment on a method says something of when it
// may be called.
func reserved(doc string) bool { return reserve.MatchString(strings.ToLower(doc)) }
