//go:build fearless_model

package model_test

import (
	"slices"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func both(f func()) {
	a, b := thread.Go(f), thread.Go(f)
	join(a)
	join(b)
}

// A testLock is one whose loops stand in methods that are called in loops.
type testLock struct{ held atomic.Bool }

func (l *testLock) take() {
	for l.held.Swap(true, acquire) {
		for l.held.Load(relaxed) {
		}
	}
}

func (l *testLock) give() { l.held.Store(false, release) }

// Loops that pause nowhere and keep nothing are decided as those with SpinLoop are.
func TestLoopsWithoutAPauseThatKeepNothingAreProven(t *testing.T) {
	for name, f := range map[string]func(){
		"compare-exchange": func() {
			var l atomic.Int32
			both(func() {
				for {
					if _, ok := l.CompareExchange(0, 1, acquire, relaxed); ok {
						break
					}
				}
				l.Store(0, release)
			})
		},
		"loads before a condition and before a tag": func() {
			var l atomic.Int32
			w := thread.Go(func() { l.Store(2, release) })
			var v, u int32
			for {
				if v = l.Load(acquire); v != 0 {
					break
				}
			}
			for {
				switch u = l.Load(relaxed); u {
				case 0, 1:
					continue
				}
				break
			}
			model.Assert(v == 2 && u == 2)
			join(w)
		},
		"exchange": func() {
			var l atomic.Bool
			both(func() {
				for l.Swap(true, acquire) {
				}
				l.Store(false, release)
			})
		},
		"three test and set, with a pause in the inner loop alone": func() {
			var l atomic.Bool
			body := func() {
				for l.Swap(true, acquire) {
					for l.Load(relaxed) {
						atomic.SpinLoop()
					}
				}
				l.Store(false, release)
			}
			c := thread.Go(body)
			both(body)
			join(c)
		},
		"two loads": setting(func(flag *atomic.Uint32) {
			for {
				first := flag.Load(acquire)
				if again := flag.Load(relaxed); first == 1 && again == 1 {
					break
				}
			}
		}),
		"a lock that is taken again": func() {
			var l testLock
			c := cell.NewUnsafeCell(0)
			both(func() {
				for range 2 {
					l.take()
					c.WithMut(func(v *int) { *v++ })
					l.give()
				}
			})
			c.With(func(v *int) { model.Assert(*v == 4) })
		},
		"turns": func() {
			var turn atomic.Int32
			play := func(mine, other int32) func() {
				return func() {
					for range 2 {
						for {
							if turn.Load(acquire) != mine {
								continue
							}
							break
						}
						turn.Store(other, release)
					}
				}
			}
			a, b := thread.Go(play(0, 1)), thread.Go(play(1, 0))
			join(a)
			join(b)
		},
		"a sum of what is taken, which is given back": func() {
			var slot atomic.Int32
			w := thread.Go(func() {
				for i := range int32(2) {
					for slot.Load(acquire) != 0 {
						atomic.SpinLoop()
					}
					slot.Store(i+1, release)
				}
			})
			for sum := int32(0); sum < 3; {
				v := slot.Load(acquire)
				if v == 0 {
					continue
				}
				sum += v
				slot.Store(0, release)
			}
			join(w)
		},
		"what the post statement finds": setting(func(flag *atomic.Uint32) {
			v := flag.Load(acquire)
			for ; v == 0; v = flag.Load(acquire) {
			}
			model.Assert(v == 1)
		}),
	} {
		if r := model.Explore(f); r.Verdict() != model.Proven {
			t.Errorf("%s: %s, %v, %v", name, r.Verdict(), r.Unseen, r.Failure)
		}
	}
}

// What such loops keep is explored for two rounds only.
func TestLoopsWithoutAPauseThatKeepSomethingAreUndecided(t *testing.T) {
	for name, f := range map[string]func(flag *atomic.Uint32){
		"a count": func(flag *atomic.Uint32) {
			n := 0
			for flag.Load(acquire) == 0 {
				n++
			}
			model.Assert(n != 5)
		},
		"a count in the head": func(flag *atomic.Uint32) {
			n := 0
			for ; flag.Load(acquire) == 0; n++ {
			}
			model.Assert(n != 5)
		},
		"a count of the loop around": func(flag *atomic.Uint32) {
			for n := 0; ; n++ {
				for {
					if flag.Load(acquire) == 1 {
						model.Assert(n != 5)
						return
					}
					break
				}
			}
		},
		"a shift": func(flag *atomic.Uint32) {
			a, b, c := 0, 0, 0
			for flag.Load(acquire) == 0 {
				a, b, c = 1, a, b
			}
			model.Assert(c == 0)
		},
		"a count of panics that leave the loop": func(flag *atomic.Uint32) {
			n := 0
			poll := func() (v any) {
				defer func() { v = recover() }()
				for {
					if x := flag.Load(acquire); x < 5 {
						panic(x)
					}
				}
			}
			for poll() != any(uint32(1)) {
				n++
			}
			model.Assert(n != 5)
		},
		"a count, past an operation that is not always done": func(flag *atomic.Uint32) {
			n, v := 0, uint32(0)
			for {
				for {
					if v = flag.Load(acquire); v < 5 {
						break
					}
				}
				n++
				if v == 0 {
					continue
				}
				flag.Store(2, release)
				break
			}
			model.Assert(n != 5)
		},
		"a sum in the post statement": func(flag *atomic.Uint32) {
			n, v := uint32(0), uint32(0)
			for ; flag.Load(acquire) == 0; v = n + flag.Load(acquire) + 1 {
				n = v
			}
			model.Assert(n != 5)
		},
		"what it calls": func(flag *atomic.Uint32) {
			n := 0
			ready := func() bool { n++; return isSet(flag) }
			for !ready() {
			}
			model.Assert(n != 5)
		},
	} {
		r := model.Explore(setting(f))
		if r.Failure == nil && (r.Verdict() != model.Undecided || !slices.ContainsFunc(r.Unseen, func(u model.Unseen) bool { return u.Kind == model.LoopRounds })) {
			t.Errorf("%s: %s, %v", name, r.Verdict(), r.Unseen)
		}
	}
}

// A loop of the library that calls what it was given may keep something in that.
func TestWhatALoopOfTheLibraryCallsIsNotTakenForNothing(t *testing.T) {
	r := model.Explore(func() {
		var x atomic.Int32
		w := thread.Go(func() {
			for range 3 {
				x.Store(1, relaxed)
				x.Store(0, relaxed)
			}
		})
		n := 0
		x.FetchUpdate(relaxed, relaxed, func(v int32) (int32, bool) { n++; return v, true })
		join(w)
		model.Assert(n < 100)
	})
	if r.Failure != nil || r.Verdict() != model.Undecided {
		t.Error(r.Verdict(), r.Failure)
	}
}

// An update that changes nothing waits, whatever it computes.
func TestUpdatesThatChangeNothingWait(t *testing.T) {
	for _, test := range []struct {
		name        string
		first, last int32
		old         func(x *atomic.Int32) int32
	}{
		{"max", 0, 7, func(x *atomic.Int32) int32 { return x.FetchMax(0, acqRel) }},
		{"min", 0, -7, func(x *atomic.Int32) int32 { return x.FetchMin(0, acqRel) }},
		{"xor", 0, 7, func(x *atomic.Int32) int32 { return x.FetchXor(0, acqRel) }},
		{"nand", -1, 7, func(x *atomic.Int32) int32 { return x.FetchNand(0, acqRel) }},
		{"and", 3, 1, func(x *atomic.Int32) int32 { return x.FetchAnd(3, acqRel) }},
	} {
		r := model.Explore(func() {
			x := atomic.NewInt32(test.first)
			w := thread.Go(func() { x.Store(test.last, release) })
			for test.old(x) == test.first {
				atomic.SpinLoop()
			}
			join(w)
		})
		if r.Failure != nil || !r.Exhaustive {
			t.Errorf("%s: %v, %v", test.name, r.Failure, r.Unseen)
		}
		dead := model.Explore(func() {
			x := atomic.NewInt32(test.first)
			w := thread.Go(func() { x.Store(test.first, release) })
			for test.old(x) == test.first {
				atomic.SpinLoop()
			}
			join(w)
		})
		if dead.Failure == nil || dead.Failure.Kind != model.Deadlock {
			t.Errorf("%s, for good: %v", test.name, dead.Failure)
		}
	}
}
