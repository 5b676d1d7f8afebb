package prove

import (
	"bytes"
	"expvar"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"runtime/trace"
	"testing"
)

// What the runtime tells of itself depends on when memory is collected, on how long things
// take, and on goroutines that are not the test's.

func written(t *testing.T, profile string, how int) {
	var b bytes.Buffer
	if err := pprof.Lookup(profile).WriteTo(&b, how); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 1<<20 {
		t.Error("so much")
	}
}

func TestGoroutineProfileUndecided(t *testing.T) {
	if pprof.Lookup("goroutine").Count() > 100 {
		t.Error("so many")
	}
}

func TestGoroutineStacksUndecided(t *testing.T)     { written(t, "goroutine", 2) }
func TestGoroutineTextUndecided(t *testing.T)       { written(t, "goroutine", 1) }
func TestHeapProfileUndecided(t *testing.T)         { written(t, "heap", 1) }
func TestAllocsProfileUndecided(t *testing.T)       { written(t, "allocs", 0) }
func TestBlockProfileUndecided(t *testing.T)        { written(t, "block", 1) }
func TestMutexProfileUndecided(t *testing.T)        { written(t, "mutex", 1) }
func TestThreadCreateProfileUndecided(t *testing.T) { written(t, "threadcreate", 1) }

func TestHeapProfileCountUndecided(t *testing.T) {
	if pprof.Lookup("heap").Count() < 0 {
		t.Error("fewer than none")
	}
}

func TestGoroutineRecordsUndecided(t *testing.T) {
	runtime.GoroutineProfile(make([]runtime.StackRecord, 100))
}
func TestMemRecordsUndecided(t *testing.T)   { runtime.MemProfile(nil, true) }
func TestBlockRecordsUndecided(t *testing.T) { runtime.BlockProfile(nil) }
func TestMutexRecordsUndecided(t *testing.T) { runtime.MutexProfile(nil) }
func TestThreadsUndecided(t *testing.T)      { runtime.ThreadCreateProfile(nil) }
func TestAllStacksUndecided(t *testing.T)    { runtime.Stack(make([]byte, 1000), true) }
func TestOwnStackProven(t *testing.T)        { debug.Stack() }
func TestMemStatsUndecided(t *testing.T)     { runtime.ReadMemStats(new(runtime.MemStats)) }
func TestGCStatsUndecided(t *testing.T)      { debug.ReadGCStats(new(debug.GCStats)) }
func TestExpvarUndecided(t *testing.T)       { _ = expvar.Get("memstats").String() }
func TestAllocsUndecided(t *testing.T)       { testing.AllocsPerRun(1, func() {}) }

func TestMetricsUndecided(t *testing.T) {
	metrics.Read([]metrics.Sample{{Name: "/sched/goroutines:goroutines"}})
}

func TestCPUProfileUndecided(t *testing.T) {
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		t.Fatal(err)
	}
	pprof.StopCPUProfile()
}

func TestTraceUnsuitable(t *testing.T) {
	if err := trace.Start(io.Discard); err != nil {
		t.Fatal(err)
	}
	trace.Stop()
}
