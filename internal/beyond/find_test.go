package beyond

import (
	"errors"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
)

type clean struct{ n int }

func (c *clean) Lock()   { c.n++ }
func (c *clean) Unlock() { c.n-- }

func viaLocker(l sync.Locker) {
	l.Lock()
	defer l.Unlock()
}

func here() (file string) {
	_, file, _, _ = runtime.Caller(0)
	return file
}

func TestFind(t *testing.T) {
	var f Finder
	for _, test := range []struct {
		name string
		f    func()
		want []string
	}{
		{"nothing", func() { _ = make(chan int) }, nil},
		{"a mutex behind an interface", func() { viaLocker(new(sync.Mutex)) }, []string{"sync.Mutex.Lock", "sync.Mutex.Unlock"}},
		{"another type behind it", func() { viaLocker(new(clean)) }, nil},
		{"every operation of a channel", func() {
			c := make(chan int, 1)
			c <- 1
			_, _ = len(c), cap(c)
			select {
			case <-c:
			default:
			}
			close(c)
			for range c {
			}
		}, []string{"send", "cap", "len", "select", "receive", "close", "range"}},
		{"a go statement", func() { go here() }, []string{"go"}},
	} {
		uses, err := f.Find(reflect.ValueOf(test.f).Pointer(), nil)
		var got []string
		for _, u := range uses {
			if got = append(got, u.What); u.File != here() || u.Line == 0 {
				t.Errorf("%s: %v", test.name, u)
			}
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v; want %v", test.name, got, err, test.want)
		}
	}
}

func TestFindRefusesWhatHasNoSource(t *testing.T) {
	body := reflect.ValueOf(func() { viaLocker(new(clean)) }).Pointer()
	for name, find := range map[string]func() error{
		"no function":         func() error { _, err := new(Finder).Find(1, nil); return err },
		"no package":          func() error { _, err := (&Finder{Dir: t.TempDir()}).Find(body, nil); return err },
		"no folder":           func() error { _, err := (&Finder{Dir: "/no/such/folder"}).Find(body, nil); return err },
		"of another program":  func() error { _, err := (&Finder{Dir: "../word"}).Find(body, nil); return err },
		"a machine's routine": func() error { _, err := new(Finder).Find(reflect.ValueOf(runtime.Gosched).Pointer(), nil); return err },
	} {
		err := find()
		if source := (*SourceError)(nil); !errors.As(err, &source) && name != "a machine's routine" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"example.com/lf.TestRing.func1":        "example.com/lf",
		"example.com/v2%2e1.(*T[...]).M-fm":    "example.com/v2.1",
		"main.main":                            "main",
		"example.com/a.F[example.com/b/c.T].1": "example.com/a",
	} {
		if got := packageOf(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
