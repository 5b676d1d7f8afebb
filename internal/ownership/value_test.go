package ownership_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/ownership"
)

type closer struct{ ended *[]string }

func (c *closer) Close() { *c.ended = append(*c.ended, "Close") }

type failingCloser struct{ ended *[]string }

func (c failingCloser) Close() error {
	*c.ended = append(*c.ended, "Close error")
	return errors.New("disk full")
}

type both struct{ ended *[]string }

func (b both) Drop()        { *b.ended = append(*b.ended, "Drop") }
func (b both) Close() error { *b.ended = append(*b.ended, "Close"); return nil }

type dropper interface{ Drop() }

func end[T any](v T) { ownership.DropValue(&v) }

func TestWhichMethodEndsTheValue(t *testing.T) {
	for want, run := range map[string]func(ended *[]string){
		"Close":       func(ended *[]string) { end(closer{ended}) },
		"Close error": func(ended *[]string) { end(failingCloser{ended}) },
		"Drop":        func(ended *[]string) { end(both{ended}) },
	} {
		var ended []string
		run(&ended)
		if strings.Join(ended, ",") != want {
			t.Errorf("ran %q, want %q", ended, want)
		}
	}
	var ended []string
	end(&closer{&ended})
	end(any(&closer{&ended}))
	end[dropper](both{&ended})
	if len(ended) != 3 {
		t.Errorf("pointer and interfaces: %d of 3 ended", len(ended))
	}
	end[*closer](nil)
	end[any](nil)
	end[dropper](nil)
	end([]int{1})
}

func TestDropValueLeavesTheZeroValue(t *testing.T) {
	v := panicking{name: "v"}
	func() {
		defer func() {
			if recover() != "boom" {
				t.Error("the panic is lost")
			}
		}()
		ownership.DropValue(&v)
	}()
	if v.name != "" {
		t.Error("the value is still there")
	}
}

type panicking struct{ name string }

func (panicking) Drop() { panic("boom") }

type pointerCloner struct{ n int }

func (c *pointerCloner) Clone() pointerCloner { return pointerCloner{c.n + 1} }

func TestCloneValue(t *testing.T) {
	if got := ownership.CloneValue(&pointerCloner{1}); got.n != 2 {
		t.Errorf("the method of *T did not run: %v", got)
	}
	slice := []int{1}
	if got := ownership.CloneValue(&slice); &got[0] != &slice[0] {
		t.Error("a T without a method is not a plain copy")
	}
	var nothing *pointerCloner
	if got := ownership.CloneValue(&nothing); got != nil {
		t.Errorf("the clone of a nil pointer is %v", got)
	}
}
