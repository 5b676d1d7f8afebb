package testing

// The driver of a controlled run: it runs one test under many schedules in
// this process, as the job file in the environment says, and writes what it
// finds to the job's result file. The program schedtest reads that.

import (
	"bytes"
	"context"
	"fmt"
	"internal/race"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	_ "unsafe" // for go:linkname
)

// See package runtime for all of these.

//go:linkname fearlessBegin
func fearlessBegin(root func(), kind, depth, length uint32, seed uint64, maxSteps uint64, events []fearlessEvent) int

//go:linkname fearlessEnd
func fearlessEnd()

//go:linkname fearlessRootDone
func fearlessRootDone()

//go:linkname fearlessFreeze
func fearlessFreeze()

//go:linkname fearlessStats
func fearlessStats() (steps uint64, created, live, events int, external, rootDone bool, heap uint64)

//go:linkname fearlessGoroutine
func fearlessGoroutine(i int) (id uint64, alive, ok bool)

//go:linkname fearlessSwitches
func fearlessSwitches(list []uint32)

//go:linkname fearlessPortfolio
func fearlessPortfolio(base, i uint64, length uint32) (kind, depth uint32, seed uint64)

//go:linkname fearlessDFS
func fearlessDFS(path []uint32) (out []uint32, more, diverged bool)

//go:linkname fearlessFar
func fearlessFar() bool

//go:linkname fearlessOnFatal
func fearlessOnFatal(fn func())

//go:linkname fearlessBeat
func fearlessBeat(fd uintptr)

//go:linkname fearlessQuiet
func fearlessQuiet(by int32)

//go:linkname fearlessClearPools
func fearlessClearPools()

// fearlessEvent is runtime.FearlessEvent.
type fearlessEvent struct {
	ID      uint32
	Op      uint8
	Deviate bool
	Pick    uint32
	Last    uint32
	Done    uint32
	Addr    uintptr
	PC      [10]uintptr
}

const (
	fearlessEnded = iota
	fearlessBlocked
	fearlessWaiting
	fearlessTooLong
	fearlessLivelock
)

const (
	fearlessKindFirst     = 0
	fearlessKindDFS       = 4
	fearlessKindSwitches  = 5
	fearlessKindPortfolio = 255
)

// fearlessEnv names the job file. It is unset before any test runs, so that a
// test that starts its own binary again gets an ordinary one.
const fearlessEnv = "FEARLESS_JOB"

var fearlessJobFile = func() string {
	name := os.Getenv(fearlessEnv)
	if name != "" {
		os.Unsetenv(fearlessEnv)
	}
	return name
}()

type fearlessJob struct {
	mode, test              string
	kind, depth, length     uint32
	base, seed, from, count uint64
	maxSteps                uint64
	warm, trace             bool
	millis                  int64
	heap                    uint64
	result, state           string
	tries                   [][]uint32 // each: the lists of switches
	seeds                   []uint64   // each: its seed
	path                    []uint32
}

type fearlessDriver struct {
	m      *M
	job    fearlessJob
	result *os.File
	state  *os.File
	beat   *os.File
	events []fearlessEvent

	ran   uint64
	steps uint64

	// of the current iteration
	index               uint64
	kind, depth, length uint32
	seed                uint64
	out                 bytes.Buffer
	races               int
}

// fearlessDrive runs the job, if there is one, in place of the tests.
func fearlessDrive(m *M) bool {
	if fearlessJobFile == "" {
		return false
	}
	d := &fearlessDriver{m: m}
	text, err := os.ReadFile(fearlessJobFile)
	if err == nil {
		err = d.job.parse(string(text))
	}
	if err == nil {
		d.result, err = os.OpenFile(d.job.result, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	}
	if err == nil {
		d.state, err = os.OpenFile(d.job.state, os.O_CREATE|os.O_WRONLY, 0o666)
	}
	if err == nil {
		d.beat, err = os.OpenFile(d.job.state+".beat", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fearless: cannot run the job:", err)
		m.exitCode = 2
		return true
	}
	m.exitCode = d.run()
	return true
}

func (j *fearlessJob) parse(text string) error {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		number := func() uint64 {
			n, err := strconv.ParseUint(value, 0, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
		numbers := func(s string) (list []uint32) {
			for f := range strings.FieldsSeq(s) {
				n, err := strconv.ParseUint(f, 10, 32)
				if err != nil {
					panic(err)
				}
				list = append(list, uint32(n))
			}
			return list
		}
		switch key {
		case "mode":
			j.mode = value
		case "test":
			j.test = value
		case "kind":
			j.kind = uint32(number())
		case "depth":
			j.depth = uint32(number())
		case "length":
			j.length = uint32(number())
		case "base":
			j.base = number()
		case "seed":
			j.seed = number()
		case "from":
			j.from = number()
		case "count":
			j.count = number()
		case "maxsteps":
			j.maxSteps = number()
		case "millis":
			j.millis = int64(number())
		case "heap":
			j.heap = number()
		case "warm":
			j.warm = value == "1"
		case "trace":
			j.trace = value == "1"
		case "result":
			j.result = value
		case "state":
			j.state = value
		case "path":
			j.path = append([]uint32{}, numbers(value)...)
		case "try":
			seed, rest, _ := strings.Cut(value, " ")
			value = seed
			j.seeds = append(j.seeds, number())
			j.tries = append(j.tries, numbers(rest))
		case "":
		default:
			return fmt.Errorf("unknown key %q", key)
		}
	}
	return nil
}

func (d *fearlessDriver) line(format string, args ...any) {
	fmt.Fprintf(d.result, format+"\n", args...)
}

func (d *fearlessDriver) run() int {
	j := &d.job
	match := newMatcher(d.m.deps.MatchString, *match, "-test.run", *skip)
	if j.mode == "list" {
		for _, t := range d.m.tests {
			if _, ok, _ := match.fullName(nil, t.Name); ok {
				d.line("name test %s", t.Name)
			}
		}
		for _, f := range d.m.fuzzTargets {
			if _, ok, _ := match.fullName(nil, f.Name); ok {
				d.line("name fuzz %s", f.Name)
			}
		}
		for _, e := range d.m.examples {
			if _, ok, _ := match.fullName(nil, e.Name); ok {
				d.line("name example %s", e.Name)
			}
		}
		d.line("end 0 0 0 0")
		return 0
	}
	body := d.body()
	if body == nil {
		d.line("error no test %s", j.test)
		return 2
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(int64(j.heap) * 4)
	fearlessBeat(d.beat.Fd())
	defer fearlessEnd()
	fearlessOnFatal(func() {
		d.ran++
		if fearlessFar() {
			d.line("worn %d %d %d", d.ran, d.steps, d.index)
			return
		}
		d.flush("fatal", "")
	})
	length := j.length
	if j.warm {
		d.kind, d.depth, d.length, d.seed = fearlessKindFirst, 0, 0, 0
		if !d.iterate(body, nil) {
			return 1
		}
		steps, created, _, _, _, _, _ := fearlessStats()
		if length == 0 {
			length = uint32(min(max(steps, 8), 1<<31))
		}
		if created <= 2 && j.mode == "explore" {
			// One goroutine beside the one that waits for it: only the
			// random choices can differ.
			j.count = min(j.count, 10)
		}
	}
	started := time.Now().UnixNano()
	var events []fearlessEvent
	if j.trace {
		events = make([]fearlessEvent, 0, 1<<15)
	}
	over := false
	switch j.mode {
	case "explore":
		if j.path != nil {
			fearlessDFS(j.path)
		}
		for i := j.from; i < j.from+j.count && !over; i++ {
			d.index = i
			d.length = length
			switch j.kind {
			case fearlessKindPortfolio:
				d.kind, d.depth, d.seed = fearlessPortfolio(j.base, i, length)
			case fearlessKindDFS:
				d.kind, d.depth, d.seed = j.kind, j.depth, j.base
			default:
				d.kind, d.depth = j.kind, j.depth
				_, _, d.seed = fearlessPortfolio(j.base, i, length)
			}
			if !d.iterate(body, events) {
				return 1
			}
			if j.kind == fearlessKindDFS {
				_, more, _ := fearlessDFS(nil)
				over = !more
			}
			if j.millis > 0 && time.Now().UnixNano()-started > j.millis*1_000_000 {
				break
			}
		}
	case "replay":
		d.kind, d.depth, d.length, d.seed = j.kind, j.depth, length, j.seed
		for range max(j.count, 1) {
			if len(j.tries) > 0 {
				fearlessSwitches(j.tries[0])
			}
			if !d.iterate(body, events) {
				return 1
			}
		}
		if j.trace {
			d.flush("pass", "")
		}
	case "try":
		d.kind = fearlessKindSwitches
		for i, list := range j.tries {
			d.index, d.seed = uint64(i), j.seeds[i]
			fearlessSwitches(list)
			if !d.iterate(body, events) {
				return 1
			}
			if j.millis > 0 && time.Now().UnixNano()-started > j.millis*1_000_000 {
				break
			}
		}
	}
	d.line("end %d %d %d %d", d.ran, d.steps, length, map[bool]int{true: 1}[over])
	return 0
}

// body returns what an iteration runs, below a root test.
func (d *fearlessDriver) body() func(*T) {
	for _, test := range d.m.tests {
		if test.Name == d.job.test {
			return func(t *T) { t.Run(test.Name, test.F) }
		}
	}
	for _, target := range d.m.fuzzTargets {
		if target.Name == d.job.test {
			return func(t *T) {
				if _, ok := runFuzzTests(d.m.deps, []InternalFuzzTarget{target}, time.Time{}); !ok {
					t.Fail()
				}
			}
		}
	}
	for _, eg := range d.m.examples {
		if eg.Name == d.job.test {
			return func(t *T) { d.example(t, eg) }
		}
	}
	return nil
}

// example is runExample with a file for a pipe, which needs no goroutine.
func (d *fearlessDriver) example(t *T, eg InternalExample) {
	stdout := os.Stdout
	f, err := os.CreateTemp("", "fearless-example")
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = f
	finished := false
	defer func() {
		os.Stdout = stdout
		f.Close()
		out, _ := os.ReadFile(f.Name())
		os.Remove(f.Name())
		if !eg.processRunResult(string(out), 0, finished, recover()) {
			t.Fail()
		}
	}()
	fearlessQuiet(-1)
	defer fearlessQuiet(1)
	eg.F()
	finished = true
}

// iterate runs body once and reports whether the process is fit for another
// run: nothing was found and nothing was left over.
func (d *fearlessDriver) iterate(body func(*T), events []fearlessEvent) bool {
	j := &d.job
	d.state.WriteAt(fmt.Appendf(d.out.AvailableBuffer(), "%d %d %d %d %d %#x %d\n", d.ran, d.steps, d.index, d.kind, d.depth, d.seed, d.length), 0)
	d.out.Reset()
	d.events = events
	d.races = race.Errors()
	ctx, cancel := context.WithCancel(context.Background())
	root := &T{
		common: common{
			signal:     make(chan bool, 1),
			barrier:    make(chan bool),
			w:          &d.out,
			ctx:        ctx,
			cancelCtx:  cancel,
			modulePath: d.m.deps.ModulePath(),
			importPath: d.m.deps.ImportPath(),
		},
		tstate: newTestState(*parallel, newMatcher(d.m.deps.MatchString, *match, "-test.run", *skip)),
	}
	status := fearlessBegin(func() {
		fearlessQuiet(1)
		tRunner(root, body)
		fearlessRootDone()
	}, d.kind, d.depth, d.length, d.seed, j.maxSteps, events)
	cancel()
	steps, created, _, _, _, rootDone, heap := fearlessStats()
	d.ran++
	d.steps += steps
	switch {
	case race.Errors() > d.races:
		d.flush("race", "")
		return false
	case status == fearlessLivelock:
		d.flush("livelock", fearlessStacks())
		return false
	case status == fearlessTooLong:
		d.flush("long", fearlessStacks())
		return false
	case !rootDone:
		d.flush("deadlock", fearlessStacks())
		return false
	case root.Failed() && fearlessFar():
		fearlessFreeze()
		if d.ran > 200 {
			d.line("worn %d %d %d", d.ran, d.steps, d.index)
			return false
		}
	case root.Failed():
		d.flush("fail", "")
		return false
	case status == fearlessBlocked && created > 0:
		d.flush("leak", fearlessStacks())
		return false
	case status == fearlessWaiting:
		// Goroutines remain that nothing is wrong with. They must not
		// disturb the next iteration, and a new process is dear.
		d.flushWaiting()
		fearlessFreeze()
		if d.ran > 200 {
			d.line("worn %d %d %d", d.ran, d.steps, d.index)
			return false
		}
	}
	fearlessClearPools()
	if heap > j.heap {
		runtime.GC()
	}
	return true
}

// flushWaiting notes goroutines that are left in wait for time or the outside.
func (d *fearlessDriver) flushWaiting() {}

// flush writes the outcome of the current iteration.
func (d *fearlessDriver) flush(outcome, stacks string) {
	steps, _, _, events, external, _, _ := fearlessStats()
	d.line("result %s %d %d %d %#x %d %d %d %d %t", outcome, d.index, d.kind, d.depth, d.seed, d.length, steps, d.ran, d.steps, external)
	if d.out.Len() > 0 {
		out := d.out.Bytes()
		if len(out) > 1<<20 {
			out = append(out[:1<<20:1<<20], "\n... (more output left out)\n"...)
		}
		d.line("output %q", out)
	}
	if stacks != "" {
		d.line("stacks %q", stacks)
	}
	for i := 0; ; i++ {
		id, alive, ok := fearlessGoroutine(i)
		if !ok {
			break
		}
		if alive {
			d.line("goroutine %d %d", i+1, id)
		}
	}
	if d.kind == fearlessKindDFS {
		path, _, _ := fearlessDFS(nil)
		text := fmt.Sprint(path)
		d.line("path %s", text[1:len(text)-1])
	}
	known := map[uintptr]string{}
	for i := range d.events[:events:cap(d.events)] {
		e := &d.events[:events][i]
		var frames strings.Builder
		for _, pc := range e.PC {
			if pc == 0 {
				break
			}
			text, ok := known[pc]
			if !ok {
				var b strings.Builder
				it := runtime.CallersFrames([]uintptr{pc})
				for {
					f, more := it.Next()
					fmt.Fprintf(&b, "\t%s\t%s:%d", f.Function, f.File, f.Line)
					if !more {
						break
					}
				}
				text = b.String()
				known[pc] = text
			}
			frames.WriteString(text)
		}
		d.line("event %d %d %t %d %d %d %d%s", e.ID, e.Op, e.Deviate, e.Pick, e.Last, e.Done, min(e.Addr, 1), frames.String())
	}
	if outcome != "pass" {
		d.line("end %d %d %d 0", d.ran, d.steps, d.length)
	}
}

// fearlessStacks is the traceback of all goroutines.
func fearlessStacks() string {
	for size := 1 << 18; ; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size > 1<<26 {
			return string(buf[:n])
		}
	}
}
