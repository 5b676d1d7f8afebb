package arc_test

import (
	"testing"

	"github.com/fearless-go/fearless/arc"
)

// Tests whose names end in Proven are small enough that fearless prove runs
// them under every schedule that differs: schedtest/PROVE.md lists them.

type counted struct{ drops *int }

func (c counted) Drop() { *c.drops++ }

// both runs f here and in another goroutine, and returns what they return.
func both[T any](here, there func() T) (mine, theirs T) {
	done := make(chan T)
	go func() { done <- there() }()
	mine = here()
	return mine, <-done
}

func TestArcProven(t *testing.T) {
	drops := 0
	a := arc.New(counted{&drops})
	b := a.Clone()
	look := func(a arc.Arc[counted]) func() bool {
		return func() bool {
			_ = a.Get()
			a.Drop()
			return true
		}
	}
	both(look(a), look(b))
	if drops != 1 {
		t.Error(drops)
	}
}

func TestWeakProven(t *testing.T) {
	a := arc.New(1)
	w := a.Downgrade()
	both(func() bool {
		a.Drop()
		return true
	}, func() bool {
		if b, ok := w.Upgrade(); ok {
			if b.Get() != 1 {
				t.Error(b.Get())
			}
			b.Drop()
		}
		w.Drop()
		return true
	})
}

func TestIntoInnerProven(t *testing.T) {
	a := arc.New(1)
	b := a.Clone()
	take := func(a arc.Arc[int]) func() bool {
		return func() bool {
			_, ok := a.IntoInner()
			return ok
		}
	}
	if mine, theirs := both(take(a), take(b)); mine == theirs {
		t.Error(mine, theirs)
	}
}

func TestGetMutProven(t *testing.T) {
	a := arc.New(1)
	b := a.Clone()
	both(func() bool {
		if p, ok := a.GetMut(); ok {
			*p = 2
		}
		a.Drop()
		return true
	}, func() bool {
		_ = b.Get()
		b.Drop()
		return true
	})
}
