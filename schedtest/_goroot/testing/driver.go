package testing

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

type fearlessDriver struct {
	m       *M
	job     fearlessJob
	result  *os.File
	state   *os.File
	beat    *os.File
	events  []fearlessEvent
	behaved []uint64 // by the iterations of which nothing is written yet

	ran      uint64
	steps    uint64
	skips    uint64 // iterations in which the test skipped itself
	external bool   // some iteration waited for the outside
	far      uint64 // failures that goroutines far too late have led to
	forced   uint64 // loops that were interrupted
	warmed   bool   // an iteration has passed in this process
	kept     bool   // fearlessRemember was called
	environ  []string
	left     bool // what is left asleep has been told
	lenient  bool // what is wrong with the current iteration does not matter

	// of the current iteration
	index               uint64
	kind, depth, length uint32
	seed                uint64
	out                 bytes.Buffer
	races               int
	status              int
	proofOver           bool // the proof's end has been told

	spent int64 // nanoseconds in which a proof's pieces were explored
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
		fmt.Fprintln(os.Stderr, fearlessTrouble, err)
		m.exitCode = 2
		return true
	}
	m.exitCode = d.run()
	if CoverMode() != "" && *coverProfile != "" {
		coverReport()
	}
	return true
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
		d.end("end", 0, 0)
		return 0
	}
	body := d.body(j.test)
	if body == nil {
		d.line("error no test %s", j.test)
		return 2
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(int64(j.heap) * 4)
	fearlessSetLate(j.late)
	if j.procs > 0 {
		fearlessSetProcs(j.procs)
	}
	fearlessBeat(d.beat.Fd())
	defer fearlessEnd()
	fearlessOnFatal(func() {
		d.ran++
		if fearlessFar() {
			d.end("worn", 0, 0)
			return
		}
		d.flush("fatal", "")
	})
	var events []fearlessEvent
	if j.trace {
		events = make([]fearlessEvent, 0, 1<<15)
	}
	length := j.length
	if j.strict && j.millis > 0 {
		fearlessSetUntil(j.millis * 1_000_000)
	}
	if j.prove {
		fearlessProveMode(fearlessByStrategy, j.ideal, j.user, nil)
		fearlessProvePath(0, j.mode == "prove")
		fearlessProveNames(j.names)
	}
	if j.warm {
		d.kind, d.depth, d.length, d.seed = fearlessKindFirst, 0, 0, 0
		if !d.iterate(body, events) {
			if j.mode == "prove" {
				d.unfit()
			}
			return 1
		}
		steps, _, _, _, _, _, _ := fearlessStats()
		if length == 0 {
			length = uint32(min(max(steps, 8), 1<<31))
		}
		if fearlessHadChances() == 0 && j.mode == "explore" && j.kind != fearlessKindDFS {
			j.count = min(j.count, 2)
		}
	}
	if j.earlier && !d.earlier(match) {
		return 1
	}
	started := time.Now().UnixNano()
	over := uint32(0) // 1 when the strategy has no more schedules, 2 when it left some out
	switch j.mode {
	case "prove":
		return d.prove(body, events)
	case "explore":
		if j.path != nil {
			fearlessDFS(j.path)
		}
		for i := j.from; i < j.from+j.count && over == 0; i++ {
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
				fearlessHadChances()
				_, more, complete := fearlessDFS(nil)
				switch {
				case more:
				case complete:
					over = 1
				default:
					over = 2
				}
			}
			if j.millis > 0 && time.Now().UnixNano()-started > j.millis*1_000_000 {
				break
			}
		}
	case "replay":
		d.kind, d.depth, d.length, d.seed = j.kind, j.depth, length, j.seed
		for range max(j.count, 1) {
			if len(j.tries) > 0 {
				fearlessSwitches(j.tries[0], j.choices)
			}
			if j.picks != nil {
				fearlessProveMode(fearlessByPicks, j.ideal, j.user, j.picks)
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
			fearlessSwitches(list, j.choices)
			if !d.iterate(body, events) {
				return 1
			}
			if j.millis > 0 && time.Now().UnixNano()-started > j.millis*1_000_000 {
				break
			}
		}
	}
	d.end("end", length, over)
	return 0
}

// earlier runs the tests that stand before the job's once each, in the default
// schedule, as go test would: it goes on after one that fails. It reports whether
// all came to their ends in time.
func (d *fearlessDriver) earlier(match *matcher) bool {
	d.kind, d.depth, d.length, d.seed = fearlessKindFirst, 0, 0, 0
	started := time.Now().UnixNano()
	d.lenient = true
	defer func() { d.lenient = false }()
	for _, test := range d.m.tests {
		if test.Name == d.job.test {
			break
		}
		if d.job.millis > 0 && time.Now().UnixNano()-started > d.job.millis*1_000_000 {
			return false
		}
		if _, ok, _ := match.fullName(nil, test.Name); ok && !d.iterate(d.body(test.Name), nil) {
			return false
		}
	}
	return true
}

// body returns what an iteration of the test called name runs, below a root test.
func (d *fearlessDriver) body(name string) func(*T) {
	for _, test := range d.m.tests {
		if test.Name == name {
			return func(t *T) {
				t.Run(test.Name, func(t *T) {
					defer func() {
						if t.Skipped() {
							d.skips++
						}
					}()
					test.F(t)
				})
			}
		}
	}
	for _, target := range d.m.fuzzTargets {
		if target.Name == name {
			return func(t *T) {
				if _, ok := runFuzzTests(d.m.deps, []InternalFuzzTarget{target}, time.Time{}); !ok {
					t.Fail()
				}
			}
		}
	}
	for _, eg := range d.m.examples {
		if eg.Name == name {
			return func(t *T) { d.example(t, eg) }
		}
	}
	return nil
}
