package thread_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// Tests whose names end in Proven are small enough that fearless prove runs
// them under every schedule that differs: schedtest/PROVE.md lists them.

func TestJoinProven(t *testing.T) {
	n := 0
	h := thread.Spawn(func() int {
		n++
		return n
	})
	if got, err := h.Join(); got != 1 || err != nil || n != 1 {
		t.Error(got, err, n)
	}
}

func TestJoinOfTwoProven(t *testing.T) {
	var n atomic.Int32
	add := func() { n.Add(1) }
	a, b := thread.Go(add), thread.Go(add)
	_, first := a.Join()
	_, second := b.Join()
	if n.Load() != 2 || first != nil || second != nil {
		t.Error(n.Load(), first, second)
	}
}

func TestJoinTimeoutProven(t *testing.T) {
	h := thread.Spawn(func() int { return 1 })
	got, err := h.JoinTimeout(time.Second)
	if err != nil {
		got, err = h.Join()
	}
	if got != 1 || err != nil {
		t.Error(got, err)
	}
}

func TestJoinOfPanicProven(t *testing.T) {
	defer thread.SetPanicHook(nil)
	thread.SetPanicHook(func(*thread.PanicError) {})
	_, err := thread.Go(func() { panic("x") }).Join()
	var p *thread.PanicError
	if !errors.As(err, &p) || p.Value != "x" {
		t.Error(err)
	}
}

func TestScopeProven(t *testing.T) {
	a, b := 0, 0
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { a++ })
		s.Go(func() { b++ })
	})
	if a+b != 2 {
		t.Error(a, b)
	}
}

func TestParkProven(t *testing.T) {
	var ready atomic.Bool
	h := thread.Go(func() {
		for !ready.Load() {
			thread.Park()
		}
	})
	ready.Store(true)
	h.Thread().Unpark()
	if _, err := h.Join(); err != nil {
		t.Error(err)
	}
}

func TestParkTimeoutProven(t *testing.T) {
	h := thread.Go(func() {
		if !thread.ParkTimeout(time.Second) {
			thread.Park() // the token is not lost
		}
	})
	h.Thread().Unpark()
	if _, err := h.Join(); err != nil {
		t.Error(err)
	}
}
