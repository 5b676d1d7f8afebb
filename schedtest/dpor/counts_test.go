package dpor_test

import (
	"os"
	"testing"
)

func repeat(i instr, n int) []instr {
	var out []instr
	for range n {
		out = append(out, i)
	}
	return out
}

func threads(t ...[]instr) program { return program{threads: t} }

func load(v, reg int) instr  { return instr{op: "load", obj: v, reg: reg} }
func store(v, val int) instr { return instr{op: "store", obj: v, a: val} }
func add(v, val int) instr   { return instr{op: "add", obj: v, a: val} }

func readers(n int) program {
	p := threads([]instr{store(0, 1)})
	for range n {
		p.threads = append(p.threads, []instr{load(0, 0)})
	}
	return p
}

func fib(n int, check bool) program {
	var p program
	for i := range 2 {
		var code []instr
		for range n {
			code = append(code, load(i, 0), load(1-i, 1), store(i, 1))
		}
		p.threads = append(p.threads, code)
	}
	if check {
		p.threads = append(p.threads, []instr{load(0, 0), load(1, 1)})
	}
	return p
}

func own(rounds, n int) program {
	p := program{}
	for i := range n {
		var code []instr
		for range rounds {
			code = append(code, instr{op: "lock", obj: i}, instr{op: "unlock", obj: i})
		}
		p.threads = append(p.threads, code)
	}
	return p
}

// TestCounts holds the numbers of executions against known ones.
func TestCounts(t *testing.T) {
	one := add(0, 1)
	for _, c := range []struct {
		name string
		p    program
		want int
	}{
		{"empty", threads(nil), 1},
		{"two threads, 1 add each", threads(repeat(one, 1), repeat(one, 1)), 2},
		{"two threads, 2 adds each", threads(repeat(one, 2), repeat(one, 2)), 6},
		{"two threads, 3 adds each", threads(repeat(one, 3), repeat(one, 3)), 20},
		{"two threads, 4 adds each", threads(repeat(one, 4), repeat(one, 4)), 70},
		{"two threads, 5 adds each", threads(repeat(one, 5), repeat(one, 5)), 252},
		{"two threads, 6 adds each", threads(repeat(one, 6), repeat(one, 6)), 924},
		{"own mutexes, two, once", own(1, 2), 1},
		{"own mutexes, two, three times", own(3, 2), 1},
		{"own mutexes, three, once", own(1, 3), 1},
		{"8 readers", readers(8), 256},
		{"fib_bench 2", fib(2, true), 140},
		{"fib_bench 5", fib(5, true), 218243},
	} {
		if c.want > 10000 && os.Getenv("FEARLESS_DPOR_PROGRAMS") == "" {
			continue // 10 s: only in the long run
		}
		x := explore(c.p, true, c.want+1)
		s := x.x.Stats()
		if x.fault != "" || s.Executions != c.want || s.Blocked != 0 || !s.Complete() {
			t.Errorf("%s: %+v %s, want %d executions", c.name, s, x.fault, c.want)
		}
	}
}
