//go:build fearless_model

package lock_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/weaken"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func reads(l *lock.RWLock[int]) func() {
	return func() {
		g := l.Read()
		_ = g.Get()
		g.Unlock()
	}
}

func writes(l *lock.RWLock[int]) func() {
	return func() {
		g := l.Write()
		*g.Ptr()++
		g.Unlock()
	}
}

// joined panics for the thread that panicked.
func joined(threads ...*thread.JoinHandle[thread.Void]) {
	for _, t := range threads {
		if _, err := t.Join(); err != nil {
			panic(err)
		}
	}
}

// biasPrograms are readers in slots and writers: every interleaving, under RC11. The
// lock's data is checked for races.
var biasPrograms = []struct {
	name string
	f    func()
}{
	{"a write that does not wait", func() {
		l := lock.NewRWLock(0)
		l.LoseRace() // in the model one is enough for a bias
		reader := thread.Go(reads(l))
		if g, err := l.TryWrite(); err == nil {
			*g.Ptr() = 1
			g.Unlock()
		}
		joined(reader)
		if _, err := l.IntoInner(); err != nil {
			panic(err)
		}
	}},
	{"a write", func() {
		l := lock.NewRWLock(0)
		l.LoseRace() // in the model one is enough for a bias
		reader := thread.Go(reads(l))
		writes(l)()
		joined(reader)
	}},
	{"a write before a read", func() {
		l := lock.NewRWLock(0)
		writer := thread.Go(func() {
			writes(l)()
			l.LoseRace()
		})
		reads(l)()
		joined(writer)
		reads(l)()
	}},
	// Before it was mended, a reader that saw the bias, which it reads Relaxed, and
	// not yet the slots went through a nil pointer.
	{"a bias that begins while another reads", func() {
		l := lock.NewRWLock(0)
		crowd := thread.Go(l.LoseRace)
		reads(l)()
		joined(crowd)
	}},
	{"a bias that begins while another writes", func() {
		l := lock.NewRWLock(0)
		crowd := thread.Go(l.LoseRace)
		writes(l)()
		joined(crowd)
	}},
	{"a bias that two begin", func() {
		l := lock.NewRWLock(0)
		crowd := thread.Go(l.LoseRace)
		l.LoseRace()
		reads(l)()
		joined(crowd)
		writes(l)()
	}},
	{"a bias that two begin, and a third ends", func() {
		l := lock.NewRWLock(0)
		crowd, another := thread.Go(l.LoseRace), thread.Go(l.LoseRace)
		writes(l)()
		joined(crowd, another)
	}},
	{"a write that may time out", func() {
		l := lock.NewRWLock(0)
		l.LoseRace() // in the model one is enough for a bias
		reader := thread.Go(reads(l))
		if g, err := l.WriteTimeout(time.Second); err == nil {
			*g.Ptr() = 1
			g.Unlock()
		}
		joined(reader)
		writes(l)()
	}},
	// Who gives up has ended the bias, and so knows of the readers in slots; who
	// comes after knows by the state alone.
	{"a write that gives up before another", func() {
		l := lock.NewRWLock(0)
		var read, gaveUp atomic.Bool // Relaxed: they put the steps in order, and synchronize nothing
		after := func(step *atomic.Bool) {
			for !step.Load(atomic.Relaxed) {
				atomic.SpinLoop()
			}
		}
		g := l.Read()
		reader := thread.Go(func() {
			l.LoseRace()
			reads(l)()
			read.Store(true, atomic.Relaxed)
		})
		waiting := thread.Go(func() {
			after(&read)
			model.Assume(l.QueueToWrite(time.Second) != nil)
			gaveUp.Store(true, atomic.Relaxed)
		})
		after(&gaveUp)
		g.Unlock()
		if g, err := l.TryWrite(); err == nil {
			*g.Ptr() = 1
			g.Unlock()
		}
		joined(reader, waiting)
	}},
	{"a downgrade", func() {
		l := lock.NewRWLock(0)
		l.LoseRace()
		reader := thread.Go(reads(l))
		w := l.Write()
		*w.Ptr() = 1
		w.Downgrade().Unlock()
		joined(reader)
	}},
	{"an upgrade", func() {
		l := lock.NewRWLock(0)
		l.LoseRace() // in the model one is enough for a bias
		reader := thread.Go(reads(l))
		w := l.UpgradableRead().Upgrade()
		*w.Ptr() = 1
		w.Unlock()
		joined(reader)
	}},
}

func TestBiasInTheModel(t *testing.T) {
	for _, p := range biasPrograms {
		t.Run(p.name, func(t *testing.T) { model.Check(t, p.f) })
	}
}

func TestWeakenedOrderingsOfBiasAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("explores every program once for each ordering")
	}
	var programs []weaken.Program
	for _, p := range biasPrograms {
		programs = append(programs, weaken.Program{Name: p.name, Run: p.f, Locks: engine.SpinLocks, Most: 3000})
	}
	weaken.Check(t, programs, func(file string) bool {
		return filepath.Base(file) == "readerslots.go" || filepath.Base(file) == "rawrwlock.go"
	}, map[string]string{
		"rawrwlock.go dispatch: AcqRel to Acquire":   "who is let in synchronizes by the token that is sent after it",
		"readerslots.go takeSlot: AcqRel to Acquire": "of a reader that leaves at once: it has read nothing",
		"readerslots.go takeSlot: AcqRel to Release": "of a reader that leaves at once: its look at the state has acquired already",
		"readerslots.go unbias: AcqRel to Acquire":   "a reader that leaves before it is counted would be load buffering, which RC11 excludes and processors do not",
		"readerslots.go unbias: AcqRel to Release":   "the reader is still in",
	})
}
