package dpor_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

// randomProgram returns a program of the given kinds of instructions.
func randomProgram(r *rand.Rand, kinds []string) program {
	p := program{caps: []int{r.IntN(3), r.IntN(2)}}
	if kinds[0] == "buffered" {
		kinds = kinds[1:]
		p.caps = []int{1 + r.IntN(2), 1}
	}
	threads := 2 + r.IntN(3)
	size := 5 - threads/2
	for range threads {
		var code []instr
		for range 1 + r.IntN(size) {
			k := kinds[r.IntN(len(kinds))]
			obj := r.IntN(2)
			i := instr{op: k, obj: obj, reg: r.IntN(2), a: r.IntN(2), b: 1 + r.IntN(2)}
			switch k {
			case "store", "add", "send", "put", "sleep":
				i.a = 1 + r.IntN(2)
			case "mutex":
				code = append(code, instr{op: "lock", obj: obj})
				if r.IntN(3) > 0 {
					code = append(code, instr{op: "add", obj: 7, a: 1 + r.IntN(2), reg: i.reg})
				}
				if r.IntN(8) > 0 {
					code = append(code, instr{op: "unlock", obj: obj})
				}
				continue
			case "tries":
				code = append(code, instr{op: "trylock", obj: obj, reg: 0}, instr{op: "unless", reg: 0, a: 1, b: 1}, instr{op: "unlock", obj: obj})
				continue
			case "reads":
				code = append(code, instr{op: "rlock", obj: obj})
				if r.IntN(3) > 0 {
					code = append(code, instr{op: "load", obj: 7, reg: i.reg})
				}
				if r.IntN(8) > 0 {
					code = append(code, instr{op: "runlock", obj: obj})
				}
				continue
			case "writes":
				code = append(code, instr{op: "wlock", obj: obj})
				if r.IntN(3) > 0 {
					code = append(code, instr{op: "store", obj: 7, a: 1 + r.IntN(2)})
				}
				if r.IntN(8) > 0 {
					code = append(code, instr{op: "wunlock", obj: obj})
				}
				continue
			case "wgadd":
				i.a = 1 + r.IntN(2)
				i.obj = 0
			case "wgdone", "wgwait":
				i.obj = 0
			case "waits":
				code = append(code, instr{op: "lock", obj: 0}, instr{op: "condwait", obj: 0, a: 0}, instr{op: "unlock", obj: 0})
				continue
			case "signal", "broadcast":
				i.obj = 0
			case "once":
				i.a = 6
			case "spin":
				for range 1 + r.IntN(2) {
					i.cases = append(i.cases, instr{op: "load", obj: r.IntN(2), a: r.IntN(3)})
				}
			case "choice":
				i.a = 2
			case "select":
				i.a = r.IntN(2)
				for range 1 + r.IntN(2) {
					c := instr{op: []string{"send", "recv"}[r.IntN(2)], obj: r.IntN(2), a: 3, reg: 2}
					i.cases = append(i.cases, c)
				}
				if len(i.cases) == 2 && i.cases[0].obj == i.cases[1].obj {
					i.cases = i.cases[:1]
				}
				i.reg = 3
			}
			code = append(code, i)
			if r.IntN(4) == 0 && (k == "load" || k == "cas" || k == "choice") {
				code = append(code, instr{op: "unless", reg: i.reg, a: r.IntN(2), b: 1}, instr{op: "store", obj: r.IntN(2), a: 5})
			}
		}
		p.threads = append(p.threads, code)
	}
	return p
}

var families = map[string][]string{
	"atomics":  {"load", "store", "add", "cas", "choice"},
	"mutexes":  {"mutex", "mutex", "tries", "load", "store"},
	"rwmutex":  {"reads", "writes", "reads", "load"},
	"wait":     {"wgadd", "wgdone", "wgwait", "load", "store"},
	"cond":     {"waits", "signal", "broadcast", "mutex", "load", "store"},
	"once":     {"once", "load", "store"},
	"channels": {"send", "recv", "close", "len", "load", "store"},
	"selects":  {"send", "recv", "close", "select", "select"},
	"buffered": {"buffered", "send", "recv", "close", "select", "select", "len"},
	"pools":    {"put", "get", "get", "put", "load", "store", "mutex"},
	"timers":   {"sleep", "load", "store", "sleep", "send", "recv"},
	"all": {"load", "store", "cas", "mutex", "reads", "writes", "wgadd", "wgdone", "wgwait", "waits", "signal", "once",
		"send", "recv", "close", "select", "sleep", "choice", "put", "get"},
}

// A verdict is what comparing an exploration with the enumeration gave.
type verdict struct {
	tooLarge bool
	fault    string
	classes  int
	blocked  int
}

// compare explores p and enumerates it. If exact, no execution may be begun in vain.
func compare(p program, exact bool) (v verdict) {
	e := enumerate(p, 4000)
	switch {
	case e.fault != "":
		return verdict{fault: e.fault}
	case e.full():
		return verdict{tooLarge: true}
	}
	v.classes = e.classes
	x := explore(p, exact, 20*e.classes+100)
	s := x.x.Stats()
	v.blocked = s.Blocked
	switch {
	case x.fault != "":
		v.fault = x.fault
	case e.negative():
		// Once too many Done are possible, only that is promised to be found.
		if !negative(x.outcomes) {
			v.fault = "negative counter not found"
		}
	case x.twice > 0:
		v.fault = fmt.Sprintf("%d classes explored twice", x.twice)
	case !s.Complete():
		v.fault = "not complete"
	case exact && s.Blocked > 0:
		v.fault = fmt.Sprintf("%d executions begun in vain", s.Blocked)
	default:
		for o := range e.outcomes {
			if x.outcomes[o] != e.outcomes[o] {
				v.fault += fmt.Sprintf("outcome %s: %d executions, %d classes\n", o, x.outcomes[o], e.outcomes[o])
			}
		}
		if s.Executions != e.classes {
			v.fault += fmt.Sprintf("%d executions, %d classes", s.Executions, e.classes)
		}
	}
	return v
}

// shrink takes instructions out of p while it stays wrong.
func shrink(p program, wrong func(program) bool) program {
	for again := true; again; {
		again = false
		for t := range p.threads {
			for i := range p.threads[t] {
				q := program{caps: p.caps, threads: slices.Clone(p.threads)}
				q.threads[t] = slices.Delete(slices.Clone(p.threads[t]), i, i+1)
				if wrong(q) {
					p, again = q, true
					break
				}
			}
		}
	}
	return p
}

// programs returns how many random programs of a kind a test tries: n, or what
// the variable says.
func programs(t *testing.T, variable string, n int) int {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return n
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: want how many programs", variable, s)
	}
	return n
}

func TestRandomPrograms(t *testing.T) {
	n := programs(t, "FEARLESS_DPOR_PROGRAMS", 6)
	for name, kinds := range families {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(len(name)+int(name[0])<<8)))
			tried, classes, blocked := 0, 0, 0
			for tried < n {
				p := randomProgram(r, kinds)
				v := compare(p, exact[name])
				if v.tooLarge {
					continue
				}
				if v.fault != "" {
					p = shrink(p, func(p program) bool { return compare(p, exact[name]).fault != "" })
					t.Fatalf("program %d: %s\n%v", tried, compare(p, exact[name]).fault, p)
				}
				tried++
				classes += v.classes
				blocked += v.blocked
			}
			t.Logf("%d programs, %d classes, %d blocked", tried, classes, blocked)
		})
	}
}

// exact are the families of which no execution is begun in vain. In the others an
// operation does more when another thread waits for it, which cannot be told
// beforehand of one that is moved.
var exact = map[string]bool{"atomics": true, "mutexes": true, "rwmutex": true, "wait": true, "once": true, "buffered": true, "pools": true}
