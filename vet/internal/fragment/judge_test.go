package fragment

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Programs whose verdict can be said by hand.
func TestJudge(t *testing.T) {
	x := &Var{Name: "x"}
	mu, ch, sem := &Var{Name: "mu", Kind: Mutex}, &Var{Name: "ch", Kind: Chan}, &Var{Name: "sem", Kind: Chan, Size: 1}
	wg, flag, n := &Var{Name: "wg", Kind: Group}, &Var{Name: "flag", Kind: Flag}, &Var{Name: "n", Kind: Atomic}
	write := Write{At: Place{Var: x}, Value: 1}
	read := Read{At: Place{Var: x}}
	lock, unlock := op(Lock, mu), op(Unlock, mu)
	for _, test := range []struct {
		name string
		main []Stmt
		want Verdict
	}{
		{"two writes", list(Go{Body: list(write)}, write), Verdict{Race: true}},
		{"two reads", list(Go{Body: list(read)}, read), Verdict{Complete: true}},
		{"before the go statement", list(write, Go{Body: list(write)}), Verdict{Complete: true}},
		{"a lock", list(Go{Body: list(lock, write, unlock)}, lock, write, unlock), Verdict{Complete: true}},
		{"one side locks", list(Go{Body: list(lock, write, unlock)}, write), Verdict{Race: true}},
		{"a lock kept", list(Go{Body: list(lock, write)}, lock, write, unlock), Verdict{Complete: true, Deadlock: true}},
		{"a lock not held", list(unlock), Verdict{Complete: true, Panic: true}},
		{"sent", list(Go{Body: list(write, op(Send, ch))}, op(Recv, ch), write), Verdict{Complete: true}},
		{"received, then written", list(Go{Body: list(op(Recv, ch), write)}, op(Send, ch), write), Verdict{Race: true}},
		{"received without buffer", list(Go{Body: list(write, op(Recv, ch))}, op(Send, ch), write), Verdict{Complete: true}},
		{"received with buffer", list(Go{Body: list(write, op(Recv, sem))}, op(Send, sem), write), Verdict{Race: true}},
		{"room in the buffer", list(Go{Body: list(write, op(Recv, sem))}, op(Send, sem), op(Send, sem), write), Verdict{Complete: true}},
		{"closed", list(Go{Body: list(write, op(Close, ch))}, Range{ch, nil}, write), Verdict{Complete: true}},
		{"closed twice", list(op(Close, ch), op(Close, ch)), Verdict{Complete: true, Panic: true}},
		{"nobody receives", list(op(Send, ch)), Verdict{Complete: true, Deadlock: true}},
		{"group", list(Go{Group: wg, Body: list(write)}, op(Wait, wg), write), Verdict{Complete: true}},
		{"no Wait", list(Go{Group: wg, Body: list(write)}, write), Verdict{Race: true}},
		{"flag seen", list(Go{Body: list(write, opN(Store, flag, 1))}, If{Cond: loadIs(flag, 1), Then: list(write)}), Verdict{Complete: true}},
		{"flag not seen", list(Go{Body: list(write, opN(Store, flag, 1))}, If{Cond: loadNot(flag, 1), Then: list(write)}), Verdict{Race: true}},
		{"flag set too early", list(Go{Body: list(opN(Store, flag, 1), write)}, If{Cond: loadIs(flag, 1), Then: list(write)}), Verdict{Race: true}},
		{"a store hides a store", list(Go{Body: list(write, opN(Store, n, 1))}, Go{Body: list(opN(Store, n, 2))},
			If{Cond: loadIs(n, 2), Then: list(write)}), Verdict{Race: true}},
		{"an Add passes on", list(Go{Body: list(write, opN(Inc, n, 1))}, Go{Body: list(opN(Inc, n, 2))},
			If{Cond: loadIs(n, 3), Then: list(write)}), Verdict{Complete: true}},
		{"spin lock", list(Go{Body: list(Await{cas(n, 0, 1)}, write, opN(Store, n, 0))}, Await{cas(n, 0, 1)}, write), Verdict{Complete: true}},
		{"waits for good", list(Await{loadIs(n, 1)}), Verdict{Complete: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &Program{Vars: []*Var{x, mu, ch, sem, wg, flag, n}, Main: test.main}
			if got := Judge(p, 10_000); got != test.want {
				t.Errorf("got %+v, want %+v\n%s", got, test.want, p.Source())
			}
		})
	}
}

func TestJudgeStopsAtTheLimit(t *testing.T) {
	p := Generate(rand.New(rand.NewPCG(1, 1)), 0)
	if v := Judge(p, 1); v.Complete {
		t.Errorf("complete after one state: %+v", v)
	}
}

// A generator of programs that are all alike shows nothing.
func TestGenerateMakesRacesOfEveryProtocol(t *testing.T) {
	racy, free := map[string]int{}, map[string]int{}
	for i := range 1200 {
		p := Generate(rand.New(rand.NewPCG(uint64(i), 9)), i)
		name, _, _ := strings.Cut(p.Name, "+")
		switch v := Judge(p, 20_000); {
		case v.Race:
			racy[name]++
		case v == Verdict{Complete: true}:
			free[name]++
		}
	}
	for _, p := range protocols {
		if racy[p.name] == 0 || free[p.name] == 0 {
			t.Errorf("%s: %d with a race, %d without", p.name, racy[p.name], free[p.name])
		}
	}
}
