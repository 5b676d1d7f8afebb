//go:build fearless_model

package model_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// A sized is a program of whose executions the number is known, or can be counted.
type sized struct {
	name  string
	f     func()
	truth float64 // 0: to be counted
}

// multinomial is in how many orders the threads can do so many steps each.
func multinomial(threads, each int) float64 {
	n := 1.0
	k := 0
	for range threads {
		for i := 1; i <= each; i++ {
			k++
			n = n * float64(k) / float64(i)
		}
	}
	return n
}

// lockings is threads that lock one Mutex.
func lockings(threads, each int) func() {
	return func() {
		m := lock.NewMutex(0)
		thread.Scope(func(s *thread.ScopeHandle) {
			for range threads {
				s.Go(func() {
					for range each {
						m.With(func(n *int) { *n++ })
					}
				})
			}
		})
	}
}

// additions is threads that add to one variable.
func additions(threads, each int) func() {
	return func() {
		var x atomic.Uint32
		thread.Scope(func(s *thread.ScopeHandle) {
			for range threads {
				s.Go(func() {
					for range each {
						x.FetchAdd(1, atomic.Relaxed)
					}
				})
			}
		})
	}
}

// mixture is threads with operations on two variables drawn by the seed.
func mixture(seed uint64, threads, each int) func() {
	return func() {
		rng := rand.New(rand.NewPCG(seed, 1))
		var x [2]atomic.Int32
		thread.Scope(func(s *thread.ScopeHandle) {
			for range threads {
				ops := make([]int, each)
				for i := range ops {
					ops[i] = rng.IntN(8)
				}
				s.Go(func() {
					for _, op := range ops {
						v := &x[op%2]
						switch op / 2 {
						case 0:
							v.Load(atomic.Acquire)
						case 1:
							v.Store(int32(op), atomic.Release)
						case 2:
							v.FetchAdd(1, atomic.AcqRel)
						case 3:
							v.CompareExchange(0, 1, atomic.AcqRel, atomic.Relaxed)
						}
					}
				})
			}
		})
	}
}

// readersOf is readers of a variable each, beside one writer of all.
func readersOf(n int) func() {
	return func() {
		x := make([]atomic.Int32, n)
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Go(func() {
				for i := range x {
					x[i].Store(1, atomic.Relaxed)
				}
			})
			for i := range x {
				s.Go(func() { x[i].Load(atomic.Relaxed) })
			}
		})
	}
}

// lopsided has all but a few of its executions behind one of ten choices.
func lopsided(depth int) func() {
	return func() {
		for range depth {
			if model.Choose(10) != 7 {
				return
			}
		}
		model.Choose(100)
		model.Choose(50)
	}
}

// sizedPrograms is programs of all kinds, lopsided ones included.
func sizedPrograms() (list []sized) {
	for _, p := range [][2]int{{3, 2}, {3, 3}, {4, 2}, {4, 3}, {5, 2}, {5, 3}, {3, 6}, {6, 2}} {
		list = append(list, sized{fmt.Sprintf("lockings %d-%d", p[0], p[1]), lockings(p[0], p[1]), multinomial(p[0], p[1])})
	}
	for _, p := range [][2]int{{3, 3}, {4, 3}, {4, 4}, {5, 3}, {2, 8}, {6, 3}, {8, 1}} {
		list = append(list, sized{fmt.Sprintf("additions %d-%d", p[0], p[1]), additions(p[0], p[1]), multinomial(p[0], p[1])})
	}
	for seed := range uint64(16) {
		list = append(list, sized{fmt.Sprintf("mixture %d", seed), mixture(seed, 3+int(seed%2), 3), 0})
	}
	return append(list,
		sized{"readers 12", readersOf(12), 4096}, sized{"readers 20", readersOf(20), 1 << 20},
		sized{"lopsided 1", lopsided(1), 9 + 5000}, sized{"lopsided 3", lopsided(3), 27 + 5000},
		sized{"increments 3", increments(3), 0}, sized{"increments 4", increments(4), 0},
		sized{"handing", handing, 0}, sized{"treiber", treiber(true), 0},
		sized{"store buffering", storeBuffering(relaxed, relaxed), 0},
		sized{"three with a Mutex", mutexOf(3), 0},
	)
}
