package testing

import (
	"context"
	"fmt"
	"internal/race"
	"os"
	"runtime"
)

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
	done := 0.0
	if j.prove {
		d.begins()
	}
	if fearlessProving {
		_, _, _, done, _ = fearlessProveStats()
	}
	d.state.WriteAt(fmt.Appendf(d.out.AvailableBuffer(), "%d %d %d %d %d %#x %d %.6f\n", d.ran, d.steps, d.index, d.kind, d.depth, d.seed, d.length, done), 0)
	d.out.Reset()
	fearlessSaid()
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
		if fearlessAwaitSweep() {
			for range 2 {
				runtime.GC()
				for range 4 {
					runtime.Gosched() // finalizers and cleanups run
				}
			}
		}
	}, d.kind, d.depth, d.length, d.seed, j.maxSteps, events)
	cancel()
	steps, created, _, _, external, rootDone, heap := fearlessStats()
	d.external = d.external || external
	d.status = status
	d.ran++
	d.steps += steps
	_, _, forced := fearlessLateness()
	d.forced += forced
	switch {
	case fearlessNetIsUnfit():
		fearlessFreeze()
		return false
	case status >= fearlessStoppedCut && race.Errors() == d.races:
		fearlessFreeze()
		return false
	case d.lenient && rootDone:
		fearlessFreeze() // go test goes on, whatever is wrong with it
	case race.Errors() > d.races:
		d.flush("race", "")
		return false
	case status == fearlessLivelock:
		d.flush("livelock", fearlessStacks())
		return false
	case status == fearlessTooLong && fearlessTimeOver():
		d.ran-- // it says nothing
		d.end("worn", 0, 0)
		return false
	case status == fearlessTooLong:
		if fearlessLeaks() > 0 {
			d.flush("stuck", fearlessStacks())
		} else {
			d.flush("long", fearlessStacks())
		}
		return false
	case status == fearlessUnclear && fearlessLeaks() == 0:
		// A collection has not shown that nothing live reaches what they wait for.
		d.flush("unclear", fearlessStacks())
		return false
	case !rootDone:
		d.flush("deadlock", fearlessStacks())
		return false
	case root.Failed() && fearlessFar():
		d.far++
		fearlessFreeze()
		if d.ran > 200 {
			d.end("worn", 0, 0)
			return false
		}
	case root.Failed():
		d.flush("fail", "")
		return false
	case status == fearlessBlocked && created > 0:
		d.flush("leak", fearlessStacks())
		return false
	case status == fearlessEndless && d.warmed:
		if fearlessLeaks() > 0 {
			d.flush("stuck", fearlessStacks())
		} else {
			d.flush("polls", fearlessStacks())
		}
		return false
	case status == fearlessWaiting || status == fearlessEndless:
		// What only the first run in a process leaves polling is taken for
		// something that the package starts once.
		if fearlessLeaks() > 0 {
			d.flush("stuck", fearlessStacks())
			return false
		}
		if d.warmed && !d.left && fearlessAsleep() {
			d.leaves() // each run does, not only the first
		}
		// Goroutines remain that nothing is wrong with. They must not
		// disturb the next iteration, and a new process is dear.
		fearlessFreeze()
		if d.ran > 200 {
			d.end("worn", 0, 0)
			return false
		}
	}
	d.warmed = true
	if j.mode == "explore" {
		d.behave(fearlessBehaviour())
	}
	fearlessClearPools()
	if heap > j.heap {
		runtime.GC()
	}
	return true
}
