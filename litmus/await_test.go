package litmus

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A loop that waits by an exchange ends in the states that its rounds, written
// one after the other, end in.
func TestAwaitByExchangeEndsAsItsRoundsDo(t *testing.T) {
	const none, first = "", "ST(y,1,rlx); "
	for _, test := range []struct{ round, cond, p1, p2 string }{
		{"r = atomic_exchange_explicit(x, 1, memory_order_relaxed);", "r == 1", "ST(y,1,rlx); ST(x,0,rel);", none},
		{"r = atomic_exchange_explicit(x, 1, memory_order_acquire);", "r", "ST(y,1,rlx); ST(x,0,rel);", none},
		{"r = atomic_exchange(x, 1);", "r", "ST(y,1,rlx); ST(x,0,rlx); int q = LD(x,acq);", none},
		{"r = atomic_exchange_explicit(x, 1, memory_order_release);", "r", "int q = LD(x,acq); ST(x,0,rlx);", "int p = LD(x,rlx); ST(x,2,rlx);"},
		{"r = atomic_exchange_explicit(x, 1, memory_order_acq_rel);", "r != 2", "ST(x,0,rlx); ST(x,2,rel); int q = LD(x,acq);", none},
		{"a = LD(y,rlx); r = atomic_exchange_explicit(x, 1, memory_order_acquire);", "r == 1 && a == 0", "ST(y,1,rlx); int q = atomic_exchange_explicit(x,2,memory_order_release);", none},
		{"a = LD(y,acq); r = atomic_exchange(x, 1);", "r == 1 || a == 0", "ST(y,1,rel);", "int q = LD(x,acq); ST(x,0,rel);"},
		{"r = atomic_exchange_explicit(x, 1, memory_order_relaxed);", "r == 0", "ST(x,0,rlx); ST(x,0,rel);", none},
		{"r = LD(x,rlx) || atomic_exchange_explicit(x, 1, memory_order_acquire);", "r", "ST(y,1,rlx); ST(x,0,rel);", none},
		{"r = LD(x,rlx) == 1 || atomic_exchange_explicit(x, 1, memory_order_acquire) != 2;", "r", "ST(y,1,rlx); ST(x,0,rel); ST(x,2,rel);", none},
		{"e = 0; r = LD(x,rlx) || !atomic_compare_exchange_strong(x, &e, 3);", "r", "ST(y,1,rlx); ST(x,0,rel); int q = LD(x,acq);", none},
		{"r = atomic_fetch_or_explicit(x, 1, memory_order_acquire);", "r & 1", "ST(y,1,rlx); ST(x,0,rel);", none},
		{"r = atomic_fetch_or(x, 1);", "r", "ST(y,1,rlx); ST(x,0,rlx); int q = LD(x,acq);", none},
		{"r = atomic_fetch_or_explicit(x, 2, memory_order_release);", "r != 3", "int q = LD(x,acq); ST(x,0,rlx);", "int p = LD(x,rlx); ST(x,1,rlx);"},
		{"r = atomic_fetch_and_explicit(x, 2, memory_order_acquire);", "r == 0", "ST(y,1,rlx); ST(x,3,rel);", none},
		{"a = LD(y,rlx); r = atomic_fetch_add_explicit(x, 0, memory_order_acquire);", "r == 1 || a == 0", "ST(y,1,rlx); ST(x,3,rel); int q = LD(x,acq);", none},
		// What it finds ends it: it has written, and whoever exchanges next acquires from it.
		{"r = atomic_exchange_explicit(x, 1, memory_order_release);", "r == 0", "int p = atomic_exchange_explicit(x,2,memory_order_acquire); int q = LD(y,rlx);", none},
	} {
		const rounds = 5
		unrolled := "stuck = 1;"
		for range rounds {
			unrolled = test.round + " if (" + test.cond + ") { " + unrolled + " }"
		}
		for _, memory := range []Memory{RC11, SC} {
			loop := endings(t, first+"do { "+test.round+" } while ("+test.cond+");", test.p1, test.p2, memory)
			if each := endings(t, first+unrolled, test.p1, test.p2, memory); !slices.Equal(loop, each) || len(loop) == 0 {
				t.Errorf("%s while (%s) beside %s %s under %v:\nthe loop\n%q\nits rounds\n%q", test.round, test.cond, test.p1, test.p2, memory, loop, each)
			}
		}
	}
}

// endings lists the states in which a program ends that has body in its first thread.
func endings(t *testing.T, body, p1, p2 string, memory Memory) (list []string) {
	t.Helper()
	src := fmt.Sprintf("C t\n{ x = 1; }\nP0(atomic_int* x, atomic_int* y) { int r = 0; int a = 0; int stuck = 0; int e = 0; %s }\n"+
		"P1(atomic_int* x, atomic_int* y) { %s }\nP2(atomic_int* x, atomic_int* y) { %s }\nlocations [0:r; 0:a; x; y;", body, p1, p2)
	for i, p := range []string{p1, p2} {
		for _, r := range []string{"q", "p"} {
			if strings.Contains(p, "int "+r+" ") {
				src += fmt.Sprintf(" %d:%s;", i+1, r)
			}
		}
	}
	p, err := ParseC("t", []byte(spelled.Replace(src+"]\nfilter (0:stuck=0)\nexists (x=0)")))
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(t.Context(), p, memory, Limits{Events: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := res.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "0:r=") {
			list = append(list, line)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
