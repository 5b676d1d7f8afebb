package schedtest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// falseVerdicts are tests that were misjudged once, each of its kind.
const falseVerdicts = `package m

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var registry = map[string]bool{}

func TestOnceRegister(t *testing.T) {
	if registry["metrics"] {
		panic("duplicate registration")
	}
	registry["metrics"] = true
}

var uses int

// The third run fails, not the second.
func TestOnceUse(t *testing.T) {
	if uses++; uses > 2 {
		t.Errorf("%d uses", uses)
	}
}

func TestSignalSelf(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	<-c
	signal.Stop(c)
}

func TestSignalTimeout(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	defer signal.Stop(c)
	syscall.Kill(os.Getpid(), syscall.SIGUSR2)
	select {
	case <-c:
	case <-time.After(5 * time.Second):
		t.Error("no signal")
	}
}

func TestSpinOnLen(t *testing.T) {
	c := make(chan int, 3)
	go func() {
		for i := range 3 {
			c <- i
		}
	}()
	for len(c) != 3 {
	}
}

func TestFastClock(t *testing.T) {
	start := time.Now()
	for range 1000 {
		time.Now()
	}
	if d := time.Since(start); d > time.Millisecond {
		t.Errorf("1000 readings of the clock: %v", d)
	}
	start = time.Now()
	var mu sync.Mutex
	for range 20000 {
		mu.Lock()
		mu.Unlock()
	}
	if d := time.Since(start); d > 3*time.Millisecond {
		t.Errorf("20000 free locks: %v", d)
	}
}

// A loop until a deadline must end all the same.
func TestDeadlineLoop(t *testing.T) {
	var mu sync.Mutex
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		mu.Lock()
		mu.Unlock()
	}
	var fired atomic.Bool
	time.AfterFunc(time.Second, func() { fired.Store(true) })
	for !fired.Load() {
	}
}

// A sleep that ends after the test has returned is no leak, and neither is a loop
// that ends by itself.
func TestSleepLeft(t *testing.T) {
	go func() { time.Sleep(time.Second) }()
	go func() {
		for range 500 {
			time.Sleep(time.Millisecond)
		}
	}()
}

// What only the first run starts is the package's own.
var once sync.Once

func TestTickerOfThePackage(t *testing.T) {
	once.Do(func() {
		tick := time.NewTicker(time.Second)
		go func() {
			for range tick.C {
			}
		}()
	})
}

func TestPollerLeft(t *testing.T) {
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
			}
		}
	}()
}

func TestTickerLeft(t *testing.T) {
	tick := time.NewTicker(time.Millisecond)
	go func() {
		for range tick.C {
		}
	}()
}

func TestBackoffLeft(t *testing.T) {
	go func() {
		for d := time.Nanosecond; ; d *= 2 {
			time.Sleep(d)
		}
	}()
}

func sleepy(t *testing.T, d time.Duration) {
	var done atomic.Bool
	go func() { done.Store(true) }()
	time.Sleep(d)
	if !done.Load() {
		t.Fatal("not done")
	}
}

func TestLate5(t *testing.T)   { sleepy(t, 5*time.Millisecond) }
func TestLate50(t *testing.T)  { sleepy(t, 50*time.Millisecond) }
func TestLater200(t *testing.T) { sleepy(t, 200*time.Millisecond) }
`

func TestFalseVerdictsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": falseVerdicts})
	opts.Schedules = 60
	for _, r := range run(t, opts).Results {
		var aside schedtest.Rank
		if len(r.Aside) > 0 {
			aside = r.Aside[0].Rank
		}
		switch notes := strings.Join(r.Notes, "; "); {
		case strings.HasSuffix(r.Test, "Left") && r.Test != "TestSleepLeft":
			if r.Finding == nil || r.Finding.Kind != schedtest.GoroutineLeak || !strings.Contains(r.Finding.Message, "woken by timers only: 1 in ") {
				t.Errorf("%s: %+v, want a goroutine that timers wake", r.Test, r.Finding)
			}
			continue
		case r.Finding != nil:
			t.Errorf("%s: %s: %s", r.Test, r.Finding.Kind, r.Finding.Message)
		case strings.HasPrefix(r.Test, "TestOnce") && !strings.Contains(notes, "cannot run twice in a process"):
			t.Errorf("%s: notes %q", r.Test, notes)
		case strings.HasPrefix(r.Test, "TestLater") && !strings.Contains(notes, "more than 100ms late failed"):
			t.Errorf("%s: notes %q", r.Test, notes)
		case strings.HasPrefix(r.Test, "TestLate") != (aside == schedtest.Late) && !strings.HasPrefix(r.Test, "TestLater"):
			t.Errorf("%s: %d findings aside, the first %q", r.Test, len(r.Aside), aside)
		}
		if r.Verdict != schedtest.Passed {
			t.Errorf("%s is %s: %s", r.Test, r.Verdict, r.Reason)
		}
	}
}

func TestLateFindingsFailTheRunIfAskedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": falseVerdicts})
	opts.Schedules, opts.Run, opts.LateFails = 60, "TestLate", true
	opts.Late = 10_000_000
	for _, r := range run(t, opts).Results {
		if failed := r.Finding != nil; failed != (r.Test == "TestLate5") {
			t.Errorf("%s: %+v", r.Test, r.Finding)
		}
		if f := r.Finding; f != nil && (f.Rank != schedtest.Late || f.Late < 4_999_000 || f.Late > 10_000_000 || !f.Exact) {
			t.Errorf("%s: %+v, want one that is late by 5 ms", r.Test, f)
		} else if f != nil {
			again := opts
			again.Replay, again.Run = f.Seed, "^"+r.Test+"$"
			if got := run(t, again).Results[0].Finding; got == nil || got.Message != f.Message {
				t.Errorf("the replay of %s: %+v", f.Seed, got)
			}
		}
	}
	opts.Late = -1
	if list := run(t, opts).Findings(); len(list) > 0 {
		t.Errorf("with no goroutine late: %+v", list)
	}
}

func TestALeakCheckInTestMainSeesOnlyWhatCounts(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	code := m.Run()
	buf := make([]byte, 1<<20)
	if stacks := string(buf[:runtime.Stack(buf, true)]); strings.Contains(stacks, "m.TestHandover") || runtime.NumGoroutine() > 1 {
		println("found unexpected goroutines")
		code = 1
	}
	os.Exit(code)
}

func TestHandover(t *testing.T) {
	before := runtime.NumGoroutine()
	c := make(chan bool)
	go func() { c <- true }()
	select {
	case <-c:
	case <-time.After(time.Second):
		t.Error("too slow")
	}
	time.Sleep(time.Second)
	if n := runtime.NumGoroutine(); n > before {
		t.Error(n - before, " goroutines more than before")
	}
}
`})
	opts.Schedules = 300
	r := run(t, opts).Results[0]
	if r.Finding != nil || r.Verdict != schedtest.Passed {
		t.Errorf("%s: %+v", r.Verdict, r.Finding)
	}
}

// What looks for goroutines by their stacks inside of a test, as goleak does,
// sees those that it sees under go test.
func TestALeakCheckInATestSeesNoMoreThanUnderGoTestLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var header = regexp.MustCompile("(?m)^goroutine .*\\[([^]]*)\\]:\n(.*)\\(")

func TestX(t *testing.T) {
	done := make(chan bool)
	go func() { done <- true }()
	<-done
	runtime.Gosched()
	buf := make([]byte, 1<<16)
	for _, m := range header.FindAllStringSubmatch(string(buf[:runtime.Stack(buf, true)]), -1) {
		if state, fn := m[1], m[2]; fn != "example.test/m.TestX" && fn != "example.test/m.TestX.func1" && (fn != "testing.(*T).Run" || !strings.HasPrefix(state, "chan receive")) {
			t.Errorf("%s [%s]", fn, state)
		}
	}
	if n := runtime.NumGoroutine(); n > 3 { // this one, the one that waits for it, and func1 that ends
		t.Error(n, " goroutines")
	}
}
`})
	if r := run(t, opts).Results[0]; r.Finding != nil || r.Verdict != schedtest.Passed {
		t.Errorf("%s: %+v", r.Verdict, r.Finding)
	}
}

// A test that needs what an earlier one leaves says nothing by itself.
func TestATestThatNeedsEarlierOnesIsUnsuitableLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := module(t, map[string]string{"m_test.go": `package m

import "testing"

var table map[string]int

func TestFill(t *testing.T) { table = map[string]int{"x": 1} }

// go test goes on after it.
func TestFails(t *testing.T) {
	go func() { select {} }()
	t.Error("always")
}

func TestUse(t *testing.T) {
	if table["x"] != 1 {
		t.Error("not filled")
	}
}

func TestWrong(t *testing.T) {
	if table["y"] != 1 {
		t.Error("wrong")
	}
}
`})
	want := map[string]schedtest.Verdict{"TestFill": schedtest.Passed, "TestFails": schedtest.Failed, "TestUse": schedtest.Unsuitable, "TestWrong": schedtest.Failed}
	for _, r := range run(t, opts).Results {
		if r.Verdict != want[r.Test] {
			t.Errorf("%s is %s (%s), want %s", r.Test, r.Verdict, r.Reason, want[r.Test])
		}
		if r.Test == "TestUse" && !strings.Contains(r.Reason, "passes only after the tests before it") {
			t.Errorf("the reason is %q", r.Reason)
		}
	}
	opts.Run = "^TestUse$" // go test fails so, too
	if r := run(t, opts).Results[0]; r.Verdict != schedtest.Failed {
		t.Errorf("alone it is %s", r.Verdict)
	}
}

func TestAStoppedTimerMayHaveFiredLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "builds the distribution once more, with -race")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"testing"
	"time"
)

func TestX(t *testing.T) {
	n := 0
	tm := time.AfterFunc(0, func() { n++ })
	tm.Stop()
	n++
}
`})
	opts.Race = true
	if f := run(t, opts).Results[0].Finding; f == nil || f.Kind != schedtest.DataRace {
		t.Errorf("%+v, want a data race", f)
	}
}

func TestASearchIsCutShortOnlyWhenThereIsNothingToChooseLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "several modules are built for it")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"math/rand/v2"
	"testing"
)

func TestNothing(t *testing.T) {
	m := map[int]int{1: 1}
	for range m {
	}
}

func TestDraw(t *testing.T) {
	if rand.Float64() < 0.01 {
		t.Error("a small number")
	}
}

func TestMap(t *testing.T) {
	first := 0
	for k := range map[int]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1} {
		first = 10*first + k
		if first > 10 {
			break
		}
	}
	if first == 45 {
		t.Error(first)
	}
}

func TestSelect(t *testing.T) {
	c := make(chan bool, 1)
	c <- true
	d := make(chan bool, 1)
	d <- true
	n := 0
	for range 6 {
		select {
		case v := <-c:
			n++
			c <- v
		case v := <-d:
			d <- v
		}
	}
	if n == 6 {
		t.Error(n)
	}
}
`})
	opts.Schedules = 3000
	for _, r := range run(t, opts).Results {
		if few := r.Schedules <= 10; few && r.Finding == nil != (r.Test == "TestNothing") {
			t.Errorf("%s: %d schedules, %+v", r.Test, r.Schedules, r.Finding)
		}
	}
	opts.Strategy = "dfs"
	for _, r := range run(t, opts).Results {
		if complete := r.Test == "TestNothing"; r.Complete != complete && r.Finding == nil {
			t.Errorf("%s: complete %t", r.Test, r.Complete)
		}
	}
}

func TestASearchIsCompleteOnlyWithinItsBoundLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync/atomic"
	"testing"
)

// The failure takes four preemptions or so.
func TestHandshake(t *testing.T) {
	var x, y atomic.Int64
	c := make(chan bool, 2)
	go func() {
		for i := int64(1); i <= 2; i++ {
			x.Add(1)
			if y.Load() != i {
				break
			}
			if i == 2 {
				t.Error("the handshake went through")
			}
		}
		c <- true
	}()
	go func() {
		for i := int64(1); i <= 2; i++ {
			if x.Load() != i {
				break
			}
			y.Add(1)
		}
		c <- true
	}()
	<-c
	<-c
}
`})
	opts.Strategy, opts.Schedules = "dfs", 2000
	report := run(t, opts)
	var text, asJSON bytes.Buffer
	if err := report.WriteText(&text, true); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteJSON(&asJSON); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "all there are with at most 2 preemptions") || !strings.Contains(asJSON.String(), `"bound": "at most 2 preemptions`) {
		t.Errorf("a search without its bound:\n%s", text.String())
	}
	opts.Strategy = "dfs:255"
	if f := run(t, opts).Results[0].Finding; f == nil || !f.Exact {
		t.Errorf("%+v, want a failure that replays", f)
	}
}

// The seeds of a depth-first search replay whatever the base seed is.
func TestASearchsSeedsReplay(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestCloseBeforeSend(t *testing.T) {
	c := make(chan int, 1)
	var wg sync.WaitGroup
	wg.Go(func() { c <- 1 })
	wg.Go(func() { close(c) })
	wg.Wait()
}
`})
	opts.Strategy = "dfs:255"
	for _, opts.Seed = range []uint64{1, 20} {
		if f := run(t, opts).Results[0].Finding; f == nil || !f.Exact || f.Kind != schedtest.SendOnClosed {
			t.Errorf("seed %d: %+v", opts.Seed, f)
		}
	}
}

func TestAGivenUpTestIsUndecided(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	for range 100_000 {
		mu.Lock()
		mu.Unlock()
	}
}
`})
	opts.MaxSteps = 10_000
	r := run(t, opts).Results[0]
	if r.Verdict != schedtest.Undecided || !strings.Contains(r.Reason, "took more than 10000 steps and was given up") {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}

// Looks at the clock beside work, in which goroutines wake each other, are no loop
// until a deadline: time must not run ahead of what the work takes.
func TestTimeDoesNotRunAheadOfWorkLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"testing"
	"time"
)

func TestX(t *testing.T) {
	start := time.Now()
	c := make(chan time.Time)
	for range 4 {
		go func() {
			for range 25_000 {
				c <- time.Now()
			}
		}()
	}
	for range 100_000 {
		<-c
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("100,000 messages took %v", d)
	}
}
`})
	opts.Schedules = 3
	if r := run(t, opts).Results[0]; r.Finding != nil || r.Verdict != schedtest.Passed {
		t.Errorf("%s: %+v", r.Verdict, r.Finding)
	}
}
