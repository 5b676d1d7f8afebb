package schedtest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A program is a small random test: goroutines over shared atomics, locks and
// channels. What each of them reads is its result, and all of them together are
// an outcome.
type program struct {
	threads  [][]instruction
	capacity [2]int // of the channels
}

// An instruction is one operation, on the atomic, lock or channel with number x.
type instruction struct {
	op   string
	x, n int
	// A loop runs the instructions that follow, up to its "end", n times; a
	// waiting loop until the atomic is not 0, at most n times.
}

// randomProgram returns a program of two or three threads. Locks are taken and
// let go in pairs, so that only their order can be wrong.
func randomProgram(r *rand.Rand) program {
	p := program{capacity: [2]int{r.IntN(3), r.IntN(2)}}
	for range 2 + r.IntN(2) {
		var list []instruction
		for range 1 + r.IntN(3) {
			list = append(list, randomInstructions(r, 2)...)
		}
		p.threads = append(p.threads, list)
	}
	return p
}

func randomInstructions(r *rand.Rand, deep int) []instruction {
	one := func(op string, kinds int) []instruction {
		return []instruction{{op: op, x: r.IntN(kinds), n: 1 + r.IntN(3)}}
	}
	around := func(head, tail instruction) []instruction {
		if deep == 0 {
			return one("load", 2)
		}
		return append(append([]instruction{head}, randomInstructions(r, deep-1)...), tail)
	}
	switch r.IntN(14) {
	case 0, 1:
		return one("store", 2)
	case 2:
		return one("add", 2)
	case 3:
		return one("cas", 2)
	case 4, 5:
		x := r.IntN(2)
		return around(instruction{op: "lock", x: x}, instruction{op: "unlock", x: x})
	case 6:
		return one("send", 2)
	case 7:
		return one("receive", 2)
	case 8:
		return one("select", 1)
	case 9:
		return one("close", 2)
	case 10:
		return around(instruction{op: "loop", n: 2}, instruction{op: "end"})
	case 11:
		return one("yield", 1)
	}
	return one("load", 2)
}

// source is the program as a test that fails for one outcome and writes down all.
func (p program) source(name, bad string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "func %s(t *testing.T) {\n\tvar v [2]atomic.Int64\n\tvar mu [2]sync.Mutex\n\tc := [2]chan int64{make(chan int64, %d), make(chan int64, %d)}\n", name, p.capacity[0], p.capacity[1])
	fmt.Fprintf(&b, "\tvar got [%d][]int64\n\tvar wg sync.WaitGroup\n\t_, _, _ = &v, &mu, c\n", len(p.threads))
	for i, list := range p.threads {
		fmt.Fprintf(&b, "\twg.Go(func() {\n\t\tvar out []int64\n")
		for _, in := range list {
			switch in.op {
			case "store":
				fmt.Fprintf(&b, "v[%d].Store(%d)\n", in.x, in.n)
			case "load":
				fmt.Fprintf(&b, "out = append(out, v[%d].Load())\n", in.x)
			case "add":
				fmt.Fprintf(&b, "out = append(out, v[%d].Add(%d))\n", in.x, in.n)
			case "cas":
				fmt.Fprintf(&b, "if v[%d].CompareAndSwap(0, %d) { out = append(out, 1) } else { out = append(out, 0) }\n", in.x, in.n)
			case "lock":
				fmt.Fprintf(&b, "mu[%d].Lock()\n", in.x)
			case "unlock":
				fmt.Fprintf(&b, "mu[%d].Unlock()\n", in.x)
			case "send":
				fmt.Fprintf(&b, "c[%d] <- %d\n", in.x, in.n)
			case "receive":
				fmt.Fprintf(&b, "out = append(out, <-c[%d])\n", in.x)
			case "select":
				fmt.Fprintf(&b, "select {\ncase x := <-c[0]: out = append(out, 10+x)\ncase x := <-c[1]: out = append(out, 20+x)\n}\n")
			case "close":
				fmt.Fprintf(&b, "close(c[%d])\n", in.x)
			case "loop":
				fmt.Fprintf(&b, "for range %d {\n", in.n)
			case "end":
				fmt.Fprintf(&b, "}\n")
			case "yield":
				fmt.Fprintf(&b, "runtime.Gosched()\n")
			default:
				b.WriteString(waitingSource(in))
			}
		}
		fmt.Fprintf(&b, "\t\tgot[%d] = out\n\t})\n", i)
	}
	fmt.Fprintf(&b, "\twg.Wait()\n\toutcome := fmt.Sprint(got)\n\tnote(t, outcome)\n\tif outcome == %q {\n\t\tt.Error(outcome)\n\t}\n}\n\n", bad)
	return b.String()
}

const twinHead = `package m

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

var _ = runtime.Gosched

var noted = map[string]bool{}

// note writes an outcome down that is new in this process.
func note(t *testing.T, outcome string) {
	if noted[outcome] {
		return
	}
	noted[outcome] = true
	f, err := os.OpenFile(filepath.Join(os.Getenv("TWIN_DIR"), t.Name()), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, outcome)
	f.Close()
}

`
