//go:build fearless_model

package model_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// setting is f beside a thread that sets the flag.
func setting(f func(flag *atomic.Uint32)) func() {
	return func() {
		var flag atomic.Uint32
		w := thread.Go(func() { flag.Store(1, release) })
		f(&flag)
		join(w)
	}
}

type tally struct{ n int }

func (t *tally) add() { t.n++ }

func pauses() { atomic.SpinLoop() }

func until(ready func() bool) {
	for !ready() {
		pauses()
	}
}

func isSet(flag *atomic.Uint32) bool { return flag.Load(acquire) == 1 }

var waits int

func hasWaited() bool { return waits > 0 }

// What a loop keeps of its rounds is not explored, so a pass is no proof.
func TestLoopsThatKeepSomethingAreUndecided(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func(flag *atomic.Uint32)
	}{
		{"that it waited", func(flag *atomic.Uint32) {
			waited := false
			for flag.Load(acquire) == 0 {
				waited = true
				atomic.SpinLoop()
			}
			model.Assert(!waited)
		}},
		{"that it waited, behind the pause", func(flag *atomic.Uint32) {
			waited := false
			for flag.Load(acquire) == 0 {
				atomic.SpinLoop()
				waited = true
			}
			model.Assert(!waited)
		}},
		{"a count", func(flag *atomic.Uint32) {
			n := 0
			for ; flag.Load(acquire) == 0; n++ {
				thread.YieldNow()
			}
			model.Assert(n == 0)
		}},
		{"a count of the loop's own, by return", func(flag *atomic.Uint32) {
			n := func() int {
				for n := 0; ; n++ {
					if isSet(flag) {
						return n
					}
					pauses()
				}
			}()
			model.Assert(n == 0)
		}},
		{"the value before", func(flag *atomic.Uint32) {
			last := uint32(7)
			for {
				v := flag.Load(acquire)
				if v == 1 {
					break
				}
				last = v
				atomic.SpinLoop()
			}
			model.Assert(last == 7)
		}},
		{"a field, by a method", func(flag *atomic.Uint32) {
			var c tally
			for flag.Load(acquire) == 0 {
				c.add()
				atomic.SpinLoop()
			}
			model.Assert(c.n == 0)
		}},
		{"an element", func(flag *atomic.Uint32) {
			var a [1]int
			for flag.Load(acquire) == 0 {
				a[0] = 1
				atomic.SpinLoop()
			}
			model.Assert(a[0] == 0)
		}},
		{"a pointer", func(flag *atomic.Uint32) {
			p := new(int)
			for flag.Load(acquire) == 0 {
				*p = 1
				atomic.SpinLoop()
			}
			model.Assert(*p == 0)
		}},
		{"a captured variable, in a function value", func(flag *atomic.Uint32) {
			n := 0
			until(func() bool {
				n++
				return isSet(flag)
			})
			model.Assert(n == 1)
		}},
		{"a variable of the package", func(flag *atomic.Uint32) {
			waits = 0
			for !isSet(flag) {
				waits++
				atomic.SpinLoop()
			}
			model.Assert(waits == 0)
		}},
		{"a function without an operation", func(flag *atomic.Uint32) {
			n := 0
			count := func() { n++ }
			for !isSet(flag) {
				count()
				atomic.SpinLoop()
			}
			model.Assert(n == 0)
		}},
		{"a variable of the package that a function reads", func(flag *atomic.Uint32) {
			waits = 0
			for {
				v := flag.Load(acquire)
				model.Assert(v == 0 || !hasWaited())
				waits = int(v) + 1
				if v == 1 {
					return
				}
				atomic.SpinLoop()
			}
		}},
		{"the end after very many rounds", func(flag *atomic.Uint32) {
			n := 0
			for n = 0; n < 1_000_000 && !isSet(flag); n++ {
				atomic.SpinLoop()
			}
			model.Assert(n < 1_000_000)
		}},
		{"a loop around", func(flag *atomic.Uint32) {
			n := 0
			for {
				for {
					if isSet(flag) {
						model.Assert(n == 0)
						return
					}
					atomic.SpinLoop()
					break
				}
				n++
			}
		}},
		{"the value before, taken along", func(flag *atomic.Uint32) {
			v := 0
			for {
				before := v
				set := isSet(flag)
				v = 5
				if set {
					model.Assert(before == 0)
					return
				}
				atomic.SpinLoop()
			}
		}},
		{"an inner loop that its condition ends", func(flag *atomic.Uint32) {
			for n := 0; ; n++ {
				k := uint32(9)
				for k == 9 {
					atomic.SpinLoop()
					k = flag.Load(acquire)
				}
				if k == 1 {
					model.Assert(n == 0)
					return
				}
			}
		}},
		{"a clock", func(flag *atomic.Uint32) {
			until := time.Now().Add(time.Hour)
			for !isSet(flag) && time.Now().Before(until) {
				atomic.SpinLoop()
			}
		}},
		{"a result that a recovered panic returns", func(flag *atomic.Uint32) {
			v := func() (v int) {
				defer func() { recover() }()
				for {
					if isSet(flag) {
						panic("set")
					}
					v = 1
					atomic.SpinLoop()
				}
			}()
			model.Assert(v == 0)
		}},
		{"a result that a return names not", func(flag *atomic.Uint32) {
			rounds := func() (n int) {
				for flag.Load(acquire) == 0 {
					n++
					atomic.SpinLoop()
				}
				return
			}
			model.Assert(rounds() == 0)
		}},
		{"a goto", func(flag *atomic.Uint32) {
			n := 0
		again:
			if !isSet(flag) {
				n++
				atomic.SpinLoop()
				goto again
			}
			model.Assert(n == 0)
		}},
	} {
		r := model.Explore(setting(test.f))
		if r.Exhaustive || r.Verdict() != model.Undecided && r.Verdict() != model.Failed ||
			r.Failure == nil && !slices.ContainsFunc(r.Unseen, func(u model.Unseen) bool { return u.Kind == model.LoopState || u.Kind == model.LoopRounds }) {
			t.Errorf("%s: %v, exhaustive %v, %v", test.name, r.Verdict(), r.Exhaustive, r.Unseen)
		}
	}
}

// waitsInside is inlined, so the literals in it have no number of its own.
func waitsInside() func(*atomic.Uint32) {
	return func(flag *atomic.Uint32) {
		unset := func() bool { return flag.Load(acquire) == 0 }
		wait := func() {
			for unset() {
				atomic.SpinLoop()
			}
		}
		join(thread.Go(func() { wait() }))
	}
}

// A loop that keeps nothing is proven, however it is written.
func TestLoopsThatKeepNothingAreProven(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func(flag *atomic.Uint32)
	}{
		{"a condition", func(flag *atomic.Uint32) {
			for flag.Load(acquire) == 0 {
				atomic.SpinLoop()
			}
		}},
		{"function values and helpers", func(flag *atomic.Uint32) { until(func() bool { return isSet(flag) }) }},
		{"function literals of one line", waitsInside()},
		{"a variable of the round", func(flag *atomic.Uint32) {
			for {
				if v := flag.Load(acquire); v == 1 {
					break
				}
				atomic.SpinLoop()
			}
		}},
		{"a variable that is loaded again", func(flag *atomic.Uint32) {
			v := flag.Load(acquire)
			for v == 0 {
				atomic.SpinLoop()
				v = flag.Load(acquire)
			}
			model.Assert(v == 1)
		}},
		{"one that is loaded in the head", func(flag *atomic.Uint32) {
			v := uint32(0)
			for v == 0 {
				if v = flag.Load(acquire); v == 0 {
					atomic.SpinLoop()
				}
			}
			model.Assert(v == 1)
		}},
		{"one that is written on the way out", func(flag *atomic.Uint32) {
			found := 0
			for {
				if isSet(flag) {
					found = 1
					break
				}
				thread.YieldNow()
			}
			model.Assert(found == 1)
		}},
		{"results of rounds", func(flag *atomic.Uint32) {
			var a, b uint32
			for {
				if a = flag.Load(acquire); a == 0 {
					atomic.SpinLoop()
					continue
				}
				b = flag.Load(acquire)
				break
			}
			model.Assert(a == b)
		}},
		{"a compare-exchange of what was loaded", func(flag *atomic.Uint32) {
			for {
				v := flag.Load(acquire)
				if v == 1 {
					if _, ok := flag.CompareExchange(v, 2, acqRel, relaxed); ok {
						return
					}
				}
				atomic.SpinLoop()
			}
		}},
		{"the pause first", func(flag *atomic.Uint32) {
			for {
				atomic.SpinLoop()
				if isSet(flag) {
					break
				}
			}
		}},
		{"a back-off", func(flag *atomic.Uint32) {
			for back := 1; !isSet(flag); {
				for range back {
					atomic.SpinLoop()
				}
				if back < 8 {
					back *= 2
				}
			}
		}},
		{"another pause after some rounds", func(flag *atomic.Uint32) {
			for n := 0; !isSet(flag); n++ {
				if n > 3 {
					runtime.Gosched()
					atomic.SpinLoop()
				} else {
					atomic.SpinLoop()
				}
			}
		}},
	} {
		if r := model.Explore(setting(test.f)); !r.Exhaustive || r.Verdict() != model.Proven {
			t.Errorf("%s: %v, %v, %v", test.name, r.Verdict(), r.Unseen, r.Failure)
		}
	}
}

// What a round does besides reading cannot be tried out: such a loop comes to a
// limit soon, whose message names it.
func TestALoopThatObservesOrSetsIsUndecidedSoon(t *testing.T) {
	c := cell.NewCell(0)
	for name, round := range map[string]func(){
		"observes": func() { model.Observe("waited") },
		"sets":     func() { c.Set(1) },
	} {
		r := model.Explore(setting(func(flag *atomic.Uint32) {
			for flag.Load(acquire) == 0 {
				round()
				atomic.SpinLoop()
			}
		}))
		if r.Verdict() != model.Undecided || r.Exhaustive || r.Failure == nil || !strings.Contains(r.Failure.Error(), "loopstate_test.go:") {
			t.Errorf("%s: %s, %v", name, r.Verdict(), r.Failure)
		}
	}
}
