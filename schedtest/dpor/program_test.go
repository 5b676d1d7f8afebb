package dpor_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// source prints p as a test in Go, and says what it comes to.
func (p program) source(name string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "func %s(t *testing.T) {\n\ts := begin(%d, %s)\n", name, len(p.threads), strings.ReplaceAll(strings.Trim(fmt.Sprint(p.caps), "[]"), " ", ", "))
	for n, code := range p.threads {
		fmt.Fprintf(&b, "\ts.start(%d, func(r *[4]int) {\n", n)
		indent := ""
		for _, i := range code {
			if i.op == "unless" {
				fmt.Fprintf(&b, "\t\tif r[%d] == %d {\n", i.reg, i.a)
				indent = "\t"
				continue
			}
			fmt.Fprintf(&b, "\t\t%s%s\n", indent, i.source(n))
			if indent != "" {
				b.WriteString("\t\t}\n")
			}
			indent = ""
		}
		b.WriteString("\t})\n")
	}
	fmt.Fprintf(&b, "\ts.end(t)\n}\n\n")
	return b.String()
}

// source is one instruction of thread t.
func (i instr) source(t int) string {
	switch i.op {
	case "load":
		return fmt.Sprintf("r[%d] = int(s.v[%d].Load())", i.reg, i.obj)
	case "store":
		return fmt.Sprintf("s.v[%d].Store(%d)", i.obj, i.a)
	case "add":
		return fmt.Sprintf("r[%d] = int(s.v[%d].Add(%d))", i.reg, i.obj, i.a)
	case "cas":
		return fmt.Sprintf("r[%d] = number(s.v[%d].CompareAndSwap(%d, %d))", i.reg, i.obj, i.a, i.b)
	case "lock":
		return fmt.Sprintf("s.mu[%d].Lock()", i.obj)
	case "unlock":
		return fmt.Sprintf("s.mu[%d].Unlock()", i.obj)
	case "trylock":
		return fmt.Sprintf("r[%d] = number(s.mu[%d].TryLock())", i.reg, i.obj)
	case "rlock":
		return fmt.Sprintf("s.rw[%d].RLock()", i.obj)
	case "runlock":
		return fmt.Sprintf("s.rw[%d].RUnlock()", i.obj)
	case "wlock":
		return fmt.Sprintf("s.rw[%d].Lock()", i.obj)
	case "wunlock":
		return fmt.Sprintf("s.rw[%d].Unlock()", i.obj)
	case "wgadd":
		return fmt.Sprintf("s.wg.Add(%d)", i.a)
	case "wgdone":
		return "s.wg.Done()"
	case "wgwait":
		return "s.wg.Wait()"
	case "once":
		return fmt.Sprintf("s.once[%d].Do(func() { s.v[%d].Store(%d) })", i.obj, i.a, i.b+t)
	case "condwait":
		return "s.cond.Wait()"
	case "signal":
		return "s.cond.Signal()"
	case "broadcast":
		return "s.cond.Broadcast()"
	case "choice":
		return fmt.Sprintf("r[%d] = rand.IntN(%d)", i.reg, i.a)
	case "put":
		return fmt.Sprintf("s.pool[%d].Put(%d)", i.obj, i.a)
	case "get":
		return fmt.Sprintf("r[%d], _ = s.pool[%d].Get().(int)", i.reg, i.obj)
	case "send":
		return fmt.Sprintf("s.c[%d] <- %d", i.obj, i.a)
	case "recv":
		return fmt.Sprintf("r[%d] = received(<-s.c[%d])", i.reg, i.obj)
	case "close":
		return fmt.Sprintf("close(s.c[%d])", i.obj)
	case "sleep":
		return fmt.Sprintf("time.Sleep(%d * time.Microsecond)", i.a)
	case "len":
		return fmt.Sprintf("r[%d] = len(s.c[%d])", i.reg, i.obj)
	case "select":
		text := "select {\n"
		for k, c := range i.cases {
			if c.op == "send" {
				text += fmt.Sprintf("case s.c[%d] <- %d:\n r[%d] = %d\n", c.obj, c.a, i.reg, k+1)
			} else {
				text += fmt.Sprintf("case v := <-s.c[%d]:\n r[%d], r[%d] = %d, received(v)\n", c.obj, i.reg, c.reg, k+1)
			}
		}
		if i.a == 1 {
			text += fmt.Sprintf("default:\n r[%d] = 0\n", i.reg)
		}
		return text + "}"
	}
	panic("no source of " + i.op)
}

const programHead = `package m

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type state struct {
	v      [8]atomic.Int64
	mu     [2]sync.Mutex
	rw     [2]sync.RWMutex
	once   [2]sync.Once
	wg     sync.WaitGroup
	cond   *sync.Cond
	pool   [2]sync.Pool
	c      [2]chan int
	regs   [][4]int
	panics []string
	join   sync.WaitGroup
}

func begin(threads, a, b int) *state {
	s := &state{regs: make([][4]int, threads), panics: make([]string, threads)}
	s.cond = sync.NewCond(&s.mu[0])
	s.c = [2]chan int{make(chan int, a), make(chan int, b)}
	s.join.Add(threads)
	return s
}

func (s *state) start(n int, f func(r *[4]int)) {
	go func() {
		defer s.join.Done()
		defer func() {
			if r := recover(); r != nil {
				s.panics[n] = strings.Replace(fmt.Sprint(r), "sync: negative WaitGroup counter", "negative counter", 1)
			}
		}()
		f(&s.regs[n])
	}()
}

func (s *state) end(t *testing.T) {
	s.join.Wait()
	var vars [8]int
	for i := range vars {
		vars[i] = int(s.v[i].Load())
	}
	// Not in a variable that this package can assign to, which a proof puts back.
	o := t.Name() + "\t" + fmt.Sprint(s.regs, vars, s.panics)
	if seen := log.Prefix(); !slices.Contains(strings.Split(seen, "\n"), o) {
		log.SetPrefix(seen + o + "\n")
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// received is what a receive from a closed channel, 0, or an open one gives.
func received(v int) int {
	if v == 0 {
		return -9
	}
	return v
}

func TestMain(m *testing.M) {
	code := m.Run()
	f, err := os.OpenFile(os.Getenv("OUTCOMES"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	fmt.Fprint(f, log.Prefix())
	f.Close()
	os.Exit(code)
}

var _, _ = rand.IntN, time.Sleep

`

// A goCase is a program and what it can come to.
type goCase struct {
	p    program
	e    *enumeration
	kind string
}

// fails reports whether some outcome is a deadlock, or ends the process.
func (c *goCase) fails() bool {
	for o := range c.e.outcomes {
		if strings.Contains(o, " blocked at ") || strings.Contains(o, "unlock of unlocked") {
			return true
		}
	}
	return false
}

// TestProgramsInGo has fearless prove run random programs, printed as tests in
// Go, and holds what it sees against the enumeration: the same outcomes, or a failure.
func TestProgramsInGo(t *testing.T) {
	n := programs(t, "FEARLESS_PROVE_PROGRAMS", 3)
	cases := map[string]goCase{}
	text := programHead
	seed := uint64(len(os.Getenv("FEARLESS_PROVE_SEED")))
	for kind, kinds := range families {
		r := rand.New(rand.NewPCG(7+seed, uint64(len(kind))))
		for k := 0; k < n; {
			p := randomProgram(r, kinds)
			e := enumerate(p, 4000)
			if e.full() {
				continue
			}
			name := fmt.Sprintf("Test_%s_%d", kind, k)
			cases[name] = goCase{p, e, kind}
			text += p.source(name)
			k++
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.test/m\n\ngo 1.26\n", "m_test.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "outcomes")
	opts := schedtest.Options{Dir: dir, Env: append(os.Environ(), "OUTCOMES="+out), Duration: time.Minute, NoMinimize: true}
	report, err := schedtest.Prove(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]map[string]bool{}
	for line := range strings.Lines(string(lines)) {
		name, outcome, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if seen[name] == nil {
			seen[name] = map[string]bool{}
		}
		seen[name][outcome] = true
	}
	if len(report.Results) != len(cases) {
		t.Errorf("%d results of %d programs: %+v", len(report.Results), len(cases), report.Results)
	}
	proven, failed, other := 0, 0, 0
	for _, r := range report.Results {
		c := cases[r.Test]
		switch fault := c.judge(&r, seen[r.Test]); {
		case fault != "":
			t.Errorf("%s: %s\n%+v %+v\n%v", r.Test, fault, r.Verdict, r.Proof, c.p)
		case r.Verdict == schedtest.Proven:
			proven++
		case r.Verdict == schedtest.Failed:
			failed++
		default:
			other++
		}
	}
	t.Logf("%d proven, %d failed, %d neither", proven, failed, other)
}

// judge says what is wrong with a result, or nothing.
func (c *goCase) judge(r *schedtest.TestResult, seen map[string]bool) string {
	switch {
	case c.e.negative():
		if r.Verdict == schedtest.Proven {
			for o := range seen {
				if strings.Contains(o, "negative counter") {
					return ""
				}
			}
			return "a negative counter was not found"
		}
		return ""
	case r.Verdict == schedtest.Undecided && strings.Contains(r.Reason, "WaitGroup"):
		return "" // an Add at zero beside a Wait
	case c.fails():
		if r.Verdict != schedtest.Failed {
			return fmt.Sprintf("did not fail: %v", c.e.outcomes)
		}
		return ""
	case r.Verdict != schedtest.Proven:
		return fmt.Sprintf("not proven: %s %+v; can come to %v", r.Reason, r.Finding, c.e.outcomes)
	}
	fault := ""
	for o := range c.e.outcomes {
		if !seen[o] && !strings.Contains(o, "closed channel") {
			fault += "missed: " + o + "\n"
		}
	}
	for o := range seen {
		if c.e.outcomes[o] == 0 && !strings.Contains(o, "closed channel") {
			fault += "invented: " + o + "\n"
		}
	}
	return fault
}
