package schedtest_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// cache is where the modules of the tests have their binaries, which nobody asks for
// again: each is in a folder of its own, and 4 MB.
var cache string

func TestMain(m *testing.M) {
	var err error
	if cache, err = os.MkdirTemp("", "fearless-schedtest-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(cache)
	os.Exit(code)
}

// options are those of a quick run of testdata/bugs.
func options(t *testing.T) schedtest.Options {
	t.Helper()
	return schedtest.Options{Dir: filepath.Join("testdata", "bugs"), Schedules: 500, Duration: time.Minute}
}

func run(t *testing.T, opts schedtest.Options) *schedtest.Report {
	t.Helper()
	report, err := schedtest.Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// module writes a module of one package and returns options that run it.
func module(t *testing.T, files map[string]string) schedtest.Options {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.test/m\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return schedtest.Options{Dir: dir, CacheDir: cache, Schedules: 50, Duration: time.Minute}
}

// A schedule is given up when the time of its test is over. (Whole, it would take minutes.)
func TestASchedulesStepsLookAtTheClock(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 400_000_000 {
				mu.Lock()
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestY(t *testing.T) {}
`})
	opts.Duration, opts.MaxSteps = 200*time.Millisecond, 1<<40
	report := run(t, opts)
	if x := report.Results[0]; x.Verdict != schedtest.Undecided || x.Schedules != 0 || !strings.Contains(x.Reason, "no schedule came to its end in 200ms") {
		t.Errorf("%s: %s after %d schedules", x.Verdict, x.Reason, x.Schedules)
	}
	if y := report.Results[1]; y.Verdict != schedtest.Passed {
		t.Errorf("%s: %s", y.Verdict, y.Reason)
	}
}

func TestEveryKindIsFoundAndReplays(t *testing.T) {
	t.Parallel()
	// Exact says of each that its seed replays; the way through a seed's text takes
	// a second each.
	everyKind(t, "^Test(Deadlock|PartialDeadlock|LostUpdate|Leak|SendOnClosed|NegativeWaitGroup|ConcurrentMap|LogAfterEnd|Right.*)$", "TestDeadlock")
}

func TestEverySeedReplaysLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "each seed in a process of its own")
	everyKind(t, "", "")
}

// everyKind runs the tests of testdata/bugs that match which, and the seeds of the test
// named replayed once more, or of all.
func everyKind(t *testing.T, which, replayed string) {
	want := map[string]schedtest.Kind{
		"TestLostUpdate": schedtest.TestFailure, "TestDirectAtomic": schedtest.TestFailure, "TestAtomicMethod": schedtest.TestFailure,
		"TestDeadlock": schedtest.Deadlock, "TestPartialDeadlock": schedtest.PartialDeadlock, "TestLeak": schedtest.GoroutineLeak,
		"TestLeakBesideTicker": schedtest.GoroutineLeak, "TestSendOnClosed": schedtest.SendOnClosed, "TestDoubleClose": schedtest.DoubleClose,
		"TestNegativeWaitGroup": schedtest.NegativeWait, "TestUnlockOfUnlocked": schedtest.UnlockOfUnlocked,
		"TestConcurrentMap": schedtest.ConcurrentMap, "TestLivelock": schedtest.Livelock, "TestLogAfterEnd": schedtest.LogAfterEnd,
		"TestExit": schedtest.Exit, "TestSelectOrder": schedtest.TestFailure, "TestRandom": schedtest.TestFailure,
		"TestMapOrder": schedtest.TestFailure, "TestTimerRace": schedtest.TestFailure,
	}
	opts := options(t)
	opts.Run = which
	report := run(t, opts)
	found := 0
	for _, r := range report.Results {
		if want[r.Test] == "" {
			if r.Finding != nil {
				t.Errorf("%s: %s: %s", r.Test, r.Finding.Kind, r.Finding.Message)
			}
			continue
		}
		found++
		if r.Finding == nil || r.Finding.Kind != want[r.Test] {
			t.Errorf("%s: %+v, want %s", r.Test, r.Finding, want[r.Test])
			continue
		}
		if !r.Finding.Exact {
			t.Errorf("%s: the seed %s did not replay", r.Test, r.Finding.Original)
		}
		if replayed != "" && r.Test != replayed {
			continue
		}
		for _, seed := range []string{r.Finding.Seed, r.Finding.Original} {
			opts := options(t)
			opts.Replay, opts.Run = seed, "^"+r.Test+"$"
			again := run(t, opts)
			if len(again.Results) != 1 || again.Results[0].Finding == nil || again.Results[0].Finding.Kind != want[r.Test] {
				t.Errorf("%s: replay of %s: %+v", r.Test, seed, again.Results)
			}
		}
	}
	if all := len(want) + 12; which == "" && len(report.Results) != all || found < 8 {
		t.Errorf("%d tests ran, and %d had to fail", len(report.Results), found)
	}
}

func TestDeadlockReportNamesItsGoroutines(t *testing.T) {
	t.Parallel()
	opts := options(t)
	opts.Run = "^TestDeadlock$"
	report := run(t, opts)
	var text, html, junit bytes.Buffer
	if err := report.WriteText(&text, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"deadlock: the test and all its goroutines are blocked for good: 2 in sync.Mutex.Lock, 1 in sync.WaitGroup.Wait",
		"sync.Mutex.Lock on b at bugs_test.go:", "started at bugs_test.go:", "paused at bugs_test.go:", "before b.Lock",
		"replay: fearless test -run '^TestDeadlock$' -replay 'v1:switches:",
	} {
		if !strings.Contains(text.String(), want) && !strings.Contains(text.String(), strings.Replace(want, "b.Lock", "a.Lock", 1)) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if n := report.Results[0].Finding.Switches; n > 3 {
		t.Errorf("the shortest schedule has %d switches", n)
	}
	if drawn, err := report.WriteHTML(&html); err != nil || !drawn || !strings.Contains(html.String(), `id="view"`) {
		t.Errorf("no picture: %v", err)
	}
	if err := report.WriteJUnit(&junit); err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Failures int `xml:"failures,attr"`
	}
	if err := xml.Unmarshal(junit.Bytes(), &suites); err != nil || suites.Failures != 1 {
		t.Errorf("JUnit: %v, %+v", err, suites)
	}
}

func TestGoroutinesAreNamedByTheirLabelsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m
import ("context"; "runtime/pprof"; "sync"; "testing")
func TestX(t *testing.T) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		pprof.Do(context.Background(), pprof.Labels("worker", "the \"first\""), func(context.Context) { <-c })
	})
	wg.Wait()
}
`})
	report := run(t, opts)
	var text bytes.Buffer
	if err := report.WriteText(&text, false); err != nil {
		t.Fatal(err)
	}
	if want := `goroutine 3 m.TestX.func1 worker="the \"first\"": chan receive on c at m_test.go:7, started at m_test.go:6`; !strings.Contains(text.String(), want) {
		t.Errorf("no %q in\n%s", want, text.String())
	}
	var names []string
	for _, l := range report.Results[0].Finding.Trace.Lanes {
		names = append(names, l.Name)
	}
	if !slices.Contains(names, "goroutine 3 m.TestX.func1") {
		t.Errorf("lanes %q", names)
	}
}

func TestStrategiesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	strategies(t, "pct:2", "pos", "dfs:2")
}

func TestOtherStrategiesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "3,000 schedules of a pool each")
	strategies(t, "random", "pct", "dfs")
}

func strategies(t *testing.T, names ...string) {
	for _, name := range names {
		opts := options(t)
		opts.Strategy, opts.Run, opts.Schedules = name, "^Test(LostUpdate|RightPool)$", 3000
		for _, r := range run(t, opts).Results {
			if failed := r.Finding != nil; failed != (r.Test == "TestLostUpdate") {
				t.Errorf("%s: %s: finding %+v", name, r.Test, r.Finding)
			}
			if r.Finding != nil && !r.Finding.Exact {
				t.Errorf("%s: the seed does not replay", name)
			}
		}
	}
}

func TestExhaustiveSearchEnds(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m
import ("testing"; "sync/atomic")
func TestTwo(t *testing.T) {
	var n atomic.Int32
	done := make(chan bool)
	go func() { n.Add(1); n.Add(1); done <- true }()
	n.Add(1)
	<-done
}
`})
	opts.Strategy, opts.Schedules = "dfs:3", 10_000
	r := run(t, opts).Results[0]
	if !r.Complete || r.Finding != nil {
		t.Errorf("%+v, want a complete search without a finding", r)
	}
	if r.Schedules < 4 || r.Schedules > 1000 {
		t.Errorf("%d schedules", r.Schedules)
	}
}

func TestExhaustiveSearchTriesEveryChoiceLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": `package m
import ("math/rand"; v2 "math/rand/v2"; "testing")
func TestSelect(t *testing.T) {
	a, b, c := make(chan int, 1), make(chan int, 1), make(chan int, 1)
	a <- 1; b <- 1; c <- 1
	got := ""
	for range 3 {
		select {
		case <-a: got += "a"
		case <-b: got += "b"
		case <-c: got += "c"
		}
	}
	if got == "cab" { t.Error(got) }
}
func TestRandom(t *testing.T) {
	if rand.Intn(6) == 3 && v2.IntN(6) == 4 && v2.N(5) == 2 { t.Error("hit") }
}
func TestNever(t *testing.T) {
	if n := rand.Perm(3)[0] + v2.IntN(4); n > 5 { t.Error(n) }
}
func TestSeeded(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	if a, b := r.Intn(10), r.Intn(10); a != 1 || b != 7 { t.Error(a, b) }
}
`})
	opts.Strategy, opts.Schedules = "dfs:0", 1000
	fails := map[string]bool{"TestSelect": true, "TestRandom": true}
	for _, r := range run(t, opts).Results {
		if failed := r.Finding != nil; failed != fails[r.Test] || !failed && !r.Complete {
			t.Errorf("%s: %d schedules, complete %t, finding %+v", r.Test, r.Schedules, r.Complete, r.Finding)
		}
		if r.Test == "TestNever" && r.Schedules < 3*2*4 {
			t.Errorf("%d schedules, want at least one for each choice", r.Schedules)
		}
		if f := r.Finding; f != nil {
			again := opts
			again.Run, again.Strategy, again.Replay = "^"+r.Test+"$", "", f.Seed
			if got := run(t, again).Results[0].Finding; !f.Exact || got == nil || got.Message != f.Message {
				t.Errorf("%s: the replay of %s gave %+v", r.Test, f.Seed, got)
			}
		}
	}
}

func TestRaceDetectorJudgesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "builds the distribution once more, with -race")
	opts := options(t)
	opts.Race, opts.Run, opts.Schedules = true, "^Test(DataRace|Right.*)$", 100
	for _, r := range run(t, opts).Results {
		if r.Test == "TestDataRace" {
			if r.Finding == nil || r.Finding.Kind != schedtest.DataRace || !strings.Contains(r.Finding.Message, "bugs_test.go:") {
				t.Errorf("%+v, want a data race", r.Finding)
			}
		} else if r.Finding != nil {
			t.Errorf("%s: %s: %s", r.Test, r.Finding.Kind, r.Finding.Message)
		}
	}
}

func TestARaceOfAnInitFunctionIsNoTestsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "builds the distribution once more, with -race")
	opts := module(t, map[string]string{"m_test.go": `package m

import "testing"

var n int

func init() {
	done := make(chan int)
	go func() { n++; close(done) }()
	n++
	<-done
}

func TestX(t *testing.T) {}
`})
	opts.Race, opts.Schedules = true, 10
	if f := run(t, opts).Results[0].Finding; f != nil {
		t.Errorf("%s: %s", f.Kind, f.Message)
	}
}

func TestProcessesAreWaitedForLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := module(t, map[string]string{"m_test.go": `package m
import ("os"; "os/exec"; "strings"; "sync"; "testing")
func TestTwo(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			out, err := exec.Command(os.Args[0], "-test.list=.").CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), "TestTwo\n") {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
}
`})
	opts.Schedules = 100
	r := run(t, opts).Results[0]
	if r.Finding != nil || !r.External {
		t.Errorf("external %t, finding %+v; want a wait for the outside and no finding", r.External, r.Finding)
	}
}

func TestTheNetworkIsWaitedForLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds package net")
	opts := module(t, map[string]string{"m_test.go": `package m
import ("io"; "net"; "sync"; "testing")
func TestEcho(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { t.Fatal(err) }
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil { return }
			wg.Go(func() { io.Copy(c, c); c.Close() })
		}
	})
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil { t.Error(err); return }
			defer c.Close()
			c.Write([]byte("x"))
			if _, err := io.ReadFull(c, make([]byte, 1)); err != nil { t.Error(err) }
		})
	}
	clients.Wait()
	l.Close()
	wg.Wait()
}
`})
	opts.Net = "real"
	r := run(t, opts).Results[0]
	if r.Finding != nil || !r.External {
		t.Errorf("external %t, finding %+v; want a wait for the outside and no finding", r.External, r.Finding)
	}
}

func TestReplayInManyProcessesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := options(t)
	opts.Run = "^TestDeadlock$"
	opts.Replay, opts.Count = run(t, opts).Results[0].Finding.Seed, 20
	r := run(t, opts).Results[0]
	if r.Finding == nil || !r.Finding.Exact || r.Schedules < 20 || len(r.Notes) != 1 || r.Notes[0] != "20 of 20 processes failed this way" {
		t.Errorf("%d schedules, notes %q, finding %+v", r.Schedules, r.Notes, r.Finding)
	}
}

func TestALongScheduleIsGivenUpOrJudgedByWhatIsStuckLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "schedules of 30,000 steps")
	const endless = `package m
import ("testing"; "sync")
func spin() { var mu sync.Mutex; n := 0; for { mu.Lock(); n++; mu.Unlock() } }
`
	for name, c := range map[string]struct{ test, want string }{
		"endless": {"func TestX(t *testing.T) { spin() }\n", "took more than 30000 steps and was given up"},
		"stuck":   {"func TestX(t *testing.T) { c := make(chan int); go func() { <-c }(); c = nil; spin() }\n", "goroutine leak: goroutines are blocked for good, for nothing that still runs"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := module(t, map[string]string{"m_test.go": endless + c.test})
			opts.MaxSteps, opts.Duration = 30_000, 2*time.Second
			var text bytes.Buffer
			if err := run(t, opts).WriteText(&text, true); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text.String(), c.want) {
				t.Errorf("no %q in\n%s", c.want, text.String())
			}
		})
	}
}

func TestShardsMergeLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	dir := t.TempDir()
	for shard := 1; shard <= 2; shard++ {
		opts := options(t)
		opts.Run, opts.Shard, opts.Shards = "^Test(Deadlock|RightLocks)$", shard, 2
		f, err := os.Create(filepath.Join(dir, string(rune('0'+shard))+".json"))
		if err != nil {
			t.Fatal(err)
		}
		report := run(t, opts)
		if err := report.WriteJSON(f); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	sum, err := schedtest.Merge(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Results) != 2 || len(sum.Findings()) != 1 || len(sum.Shards) != 2 {
		t.Errorf("%+v", sum)
	}
	for _, r := range sum.Results {
		if r.Test == "TestRightLocks" && r.Schedules < 500 {
			t.Errorf("%d schedules, want those of both shards", r.Schedules)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	var merge *schedtest.MergeError
	if _, err := schedtest.Merge(dir); !errors.As(err, &merge) || !strings.Contains(err.Error(), "x.json") {
		t.Errorf("a file that is no report: %v", err)
	}
}
