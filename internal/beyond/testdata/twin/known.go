package progs

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/fearless-go/fearless/atomic"
)

// Known is loops that keep something where it is easily overlooked.
var Known = map[string]func() string{
	"the value before is taken along before the first operation": func() string {
		a, v := atomic.NewUint32(), 0
		for {
			w := v
			l := load(a)
			v = 5
			if l == 1 {
				return fmt.Sprint(w)
			}
			atomic.SpinLoop()
		}
	},
	"the value before decides what is taken along": func() string {
		a, v := atomic.NewUint32(), 0
		for {
			w := 0
			if v == 5 {
				w = 1
			}
			l := load(a)
			v = 5
			if l == 1 {
				return fmt.Sprint(w)
			}
			atomic.SpinLoop()
		}
	},
	"a continue skips what is assigned": func() string {
		a, v := atomic.NewUint32(), 0
		for {
			if v == 5 && global == 1 {
				return fmt.Sprint(v)
			}
			l := load(a)
			if l == 1 {
				global = 1
				continue
			}
			v = 5
			if l == 2 {
				return ""
			}
			atomic.SpinLoop()
		}
	},
	"an inner loop that is left behind its operation": func() string {
		a, n := atomic.NewUint32(), 0
		for {
			for {
				atomic.SpinLoop()
				if load(a) == 0 {
					n++
					break
				}
				return fmt.Sprint(n)
			}
		}
	},
	"an inner loop that is left by its condition": func() string {
		a, n := atomic.NewUint32(), 0
		for {
			k := 0
			for k == 0 {
				atomic.SpinLoop()
				k = load(a)
			}
			if k == 2 {
				return fmt.Sprint(n)
			}
			n++
		}
	},
	"a loop in a function that the round is": func() string {
		a, n := atomic.NewUint32(), 0
		for polled(a) == 0 {
			n++
		}
		return fmt.Sprint(n)
	},
	"a named result, and a panic that is recovered": func() string {
		a := atomic.NewUint32()
		return fmt.Sprint(func() (v int) {
			defer func() { recover() }()
			for {
				if load(a) == 2 {
					panic("two")
				}
				v = 1
				atomic.SpinLoop()
			}
		}())
	},
	"a named result, and a return without it": countsNamed,
	"a value that is called beside an operation": func() string {
		a, n := atomic.NewUint32(), 0
		count := func() bool {
			n++
			return true
		}
		for !(isSet(a, 1) && count()) && count() {
			atomic.SpinLoop()
		}
		return fmt.Sprint(n)
	},
	"one of several values called from one place": func() string {
		a, n := atomic.NewUint32(), 0
		ready := func() bool { return isSet(a, 1) }
		count := func() bool {
			n++
			return false
		}
		fs := []func() bool{count, ready}
		for {
			for _, f := range fs {
				if f() {
					return fmt.Sprint(n)
				}
			}
			atomic.SpinLoop()
		}
	},
	"two literals on one line": func() string {
		a, n := atomic.NewUint32(), 0
		for !both(func() bool { return !isSet(a, 1) }, func() bool { n++; return false }) {
			if isSet(a, 1) {
				break
			}
			atomic.SpinLoop()
		}
		return fmt.Sprint(n)
	},
	"a literal that one helper calls, and another one": func() string {
		a, n := atomic.NewUint32(), 0
		for !call(func() bool { return isSet(a, 1) }) {
			call(func() bool { n++; return true })
			atomic.SpinLoop()
		}
		return fmt.Sprint(n)
	},
	"a closure of a function that is called, too": func() string {
		a, made := atomic.NewUint32(), counter()
		for !isSet(a, 1) {
			counter()
			made()
			atomic.SpinLoop()
		}
		return fmt.Sprint(made())
	},
	"an iterator": func() string {
		a, s := atomic.NewUint32(), &state{}
		for !isSet(a, 1) {
			for range s.all {
			}
			atomic.SpinLoop()
		}
		return s.text()
	},
	"a library function that writes": func() string {
		a := atomic.NewUint32()
		buf, n := make([]byte, 1), 0
		for !isSet(a, 1) {
			strconv.AppendInt(buf[:0], 7, 10)
			atomic.SpinLoop()
		}
		return fmt.Sprint(buf, n)
	},
	"an error that is taken along": func() string {
		a := atomic.NewUint32()
		var target *strconv.NumError
		err := error(&strconv.NumError{})
		for !isSet(a, 1) {
			errors.As(err, &target)
			atomic.SpinLoop()
		}
		return fmt.Sprint(target != nil)
	},
	"an error that counts": func() string {
		a := atomic.NewUint32()
		global = 0
		for !isSet(a, 1) {
			errors.Is(counting{}, errors.ErrUnsupported)
			atomic.SpinLoop()
		}
		return fmt.Sprint(global)
	},
	"recursion": func() string {
		a := atomic.NewUint32()
		return fmt.Sprint(recurs(a, 2))
	},
	"a back-off that divides by zero in the end": func() string {
		a, back := atomic.NewUint32(), 90
		for !isSet(a, 1) {
			back = back - 1 + 0/(back+540)
			if back < 3 {
				atomic.SpinLoop()
			}
			atomic.SpinLoop()
		}
		return ""
	},
	"a back-off that looks up": func() string {
		a, at, table := atomic.NewUint32(), 0, make([]int, 640)
		for !isSet(a, 1) {
			at += 1 + table[at]
			if at < 3 {
				atomic.SpinLoop()
			}
			atomic.SpinLoop()
		}
		return ""
	},
	"a back-off that never ends": func() string {
		a, back := atomic.NewUint32(), 0
		for !isSet(a, 1) {
			back++
			for back == 640 {
				atomic.SpinLoop()
			}
			atomic.SpinLoop()
		}
		return ""
	},
	"an end by a label": func() string {
		a, b, n := atomic.NewUint32(), atomic.NewUint32(), 0
	outer:
		for {
			for {
				atomic.SpinLoop()
				switch load(a) {
				case 0:
					n++
					continue outer
				case 1:
					return fmt.Sprint(n)
				}
				if load(b) == 0 {
					break
				}
			}
			n = 0
		}
	},
	"a pause in a condition": func() string {
		a, n := atomic.NewUint32(), 0
		for {
			for {
				if load(a) == 0 && pauses() {
					break
				}
				return fmt.Sprint(n)
			}
			n++
		}
	},
	"a closure that an operation is given": func() string {
		a, n := atomic.NewUint32(), 0
		f := func(v uint32) (uint32, bool) { return 0, false }
		g := func(v uint32) (uint32, bool) { n = 1; return 0, false }
		for {
			v, _ := a.FetchUpdate(atomic.Acquire, atomic.Acquire, f)
			f = g
			if v == 1 {
				return fmt.Sprint(n)
			}
			atomic.SpinLoop()
		}
	},
	"a method value of what is kept": func() string {
		a, s := atomic.NewUint32(), &state{}
		add := s.add
		for !isSet(a, 1) {
			add()
			atomic.SpinLoop()
		}
		return s.text()
	},
	"a struct in a struct, by an embedded pointer": func() string {
		a, s := atomic.NewUint32(), &state{}
		for !isSet(a, 1) {
			e := embedded{state: s}
			e.n++
			atomic.SpinLoop()
		}
		return s.text()
	},
	"a slice that a round's variable shares": func() string {
		a, sl := atomic.NewUint32(), make([]int, 1)
		for !isSet(a, 1) {
			t := sl
			t[0]++
			atomic.SpinLoop()
		}
		return fmt.Sprint(sl)
	},
	"what the next round begins with, behind what renews it": func() string {
		a, v, w := atomic.NewUint32(), 0, 0
		for v < 7 {
			v = load(a)
			if v == 1 {
				return fmt.Sprint(v, w)
			}
			w = w*2 + 1
		}
		return fmt.Sprint(w)
	},
	"a panic that leaves an inner loop": func() string {
		a, n := atomic.NewUint32(), 0
		poll := func() (v any) {
			defer func() { v = recover() }()
			for {
				if x := load(a); x < 5 {
					panic(x)
				}
			}
		}
		for poll() != 1 {
			n++
		}
		return fmt.Sprint(n)
	},
	"a panic that leaves an inner loop behind its pause": func() string {
		a, n, s := atomic.NewUint32(), 0, []int(nil)
		for {
			done := false
			func() {
				defer func() { recover() }()
				for {
					done = load(a) == 1
					atomic.SpinLoop()
					_ = s[n]
				}
			}()
			if done {
				return fmt.Sprint(n)
			}
			n++
		}
	},
	"an operation on the way back that a panic skips": func() string {
		a, b, n := atomic.NewUint32(), atomic.NewUint32(), 0
		for n >= 0 {
			func() {
				defer func() { recover() }()
				for {
					for load(a) == 0 {
						panic("left")
					}
					b.Store(1, atomic.Release)
				}
			}()
			if load(a) == 2 {
				return fmt.Sprint(n)
			}
			n++
		}
		return ""
	},
	"an operation on the way back in a function that recovers": func() string {
		a, b, n := atomic.NewUint32(), atomic.NewUint32(), 0
		for {
			mayStore(b, 0)
			for load(a) == 0 {
				n++
				break
			}
			if n > 0 && load(a) == 2 {
				return fmt.Sprint(n)
			}
		}
	},
	"an operation on the way back that a continue skips": func() string {
		a, b, n, v := atomic.NewUint32(), atomic.NewUint32(), 0, 0
		for {
			for {
				v = load(a)
				break
			}
			n++
			if v != 2 {
				continue
			}
			b.Store(1, atomic.Release)
			return fmt.Sprint(n)
		}
	},
	"a post statement that takes along what the body does": func() string {
		a, w := atomic.NewUint32(), 0
		v := 0
		for ; v < 5 || load(a) != 2; v = w + load(a) {
			w = v + 1
		}
		return fmt.Sprint(v)
	},
	"a method of an Ordering on the way back": func() string {
		a, n := atomic.NewUint32(), 0
		for {
			for {
				if load(a) == 2 {
					return fmt.Sprint(n)
				}
				if n < 100 {
					break
				}
			}
			n++
			_ = atomic.Relaxed.String()
		}
	},
	"a renewal out of what was before": func() string {
		a, v, w := atomic.NewUint32(), 0, 0
		for {
			w = v + 1 + load(a)
			v = w
			if load(a) == 2 {
				return fmt.Sprint(v, w)
			}
		}
	},
}

func countsNamed() string { return fmt.Sprint(roundsOf(atomic.NewUint32())) }

func roundsOf(a *atomic.Uint32) (n int) {
	for load(a) == 0 {
		n++
		atomic.SpinLoop()
	}
	return
}

type counting struct{}

func (counting) Error() string { return "counting" }
func (counting) Is(error) bool { global++; return false }

func recurs(a *atomic.Uint32, depth int) int {
	n := 0
	for !isSet(a, 1) {
		n++
		if depth == 1 {
			recurs2(a)
		}
		atomic.SpinLoop()
	}
	if depth > 0 {
		return n + recurs(a, depth-1)
	}
	return n
}

func recurs2(a *atomic.Uint32) int {
	if global < 0 {
		return recurs(a, 0)
	}
	return 0
}
