package schedtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest"
)

// libraries is a module whose test waits in libraries: the project's own locks,
// and packages that wrap sync.
const libraries = `package m

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func TestSemaphore(t *testing.T) {
	s := semaphore.NewWeighted(2)
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			s.Acquire(context.Background(), 1)
			defer s.Release(1)
			return s.Acquire(context.Background(), 1)
		})
	}
	g.Wait()
}

func TestOwnLocks(t *testing.T) {
	a, b := lock.NewMutex(0), lock.NewMutex(0)
	x := thread.Go(func() {
		ga := a.Lock()
		defer ga.Unlock()
		gb := b.Lock()
		defer gb.Unlock()
	})
	y := thread.Go(func() {
		gb := b.Lock()
		defer gb.Unlock()
		ga := a.Lock()
		defer ga.Unlock()
	})
	x.Join()
	y.Join()
}

type store struct{ mu sync.RWMutex }

func TestReaders(t *testing.T) {
	var s store
	s.mu.RLock()
	var wg sync.WaitGroup
	wg.Go(func() { s.mu.Lock(); s.mu.Unlock() })
	wg.Wait()
}

func TestOneLine(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
	wg.Go(func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() })
	wg.Wait()
}

func TestInside(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var told atomic.Bool
	end := make(chan bool)
	go func() {
		<-ctx.Done()
		if !told.Load() {
			t.Error("cancelled, and not yet told")
		}
		end <- true
	}()
	for range 3 {
		told.Load()
	}
	cancel()
	told.Store(true)
	<-end
}
`

func TestReportsNameTheUsersLineTheLockAndItsHolderLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "other modules are compiled for it")
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	opts := module(t, map[string]string{"m_test.go": libraries})
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	sync := "v0.24.0"
	if mod, err := os.ReadFile(filepath.Join(root, "go.mod")); err == nil {
		if m := regexp.MustCompile(`golang.org/x/sync (v\S+)`).FindSubmatch(mod); m != nil {
			sync = string(m[1])
		}
	}
	mod := "module example.test/m\n\ngo 1.26.0\n\nrequire (\n\tgithub.com/fearless-go/fearless v0.0.0\n\tgolang.org/x/sync " + sync + "\n)\n\nreplace github.com/fearless-go/fearless => " + root + "\n"
	for name, text := range map[string]string{"go.mod": mod, "go.sum": string(sums)} {
		if err := os.WriteFile(filepath.Join(opts.Dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	opts.BuildFlags, opts.Schedules = []string{"-mod=mod"}, 300
	want := map[string][]string{
		"TestSemaphore": {"errgroup.Group.Wait on g at m_test.go:26 (sync.WaitGroup.Wait at errgroup.go:", "semaphore.Weighted.Acquire on s at m_test.go:23 (select at semaphore.go:", "held by goroutine"},
		"TestOwnLocks": {"2 in lock.Mutex.Lock, 1 in thread.JoinHandle.Join", "m.TestOwnLocks.func1: lock.Mutex.Lock on b at m_test.go:34 (", "held by goroutine 4 since m_test.go:38",
			"a circle: goroutine 3 waits for b, held by goroutine 4, which waits for a, held by goroutine 3", "m.TestOwnLocks.func1 paused at m_test.go:34 inside b.Lock"},
		"TestReaders": {"sync.RWMutex.Lock on s.mu at m_test.go:53, held by goroutine 2 since m_test.go:51"},
		"TestOneLine": {"held by goroutine 4 since m_test.go:61", "a circle: goroutine 3 waits for a lock, held by goroutine 4, which waits for a lock, held by goroutine 3"},
	}
	for _, r := range run(t, opts).Results {
		text := textOf(t, schedtest.Report{Results: []schedtest.TestResult{r}})
		for _, w := range want[r.Test] {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		// Before cancel nothing is closed: where it is in there, it is inside.
		if strings.Contains(text, "testing.go") || strings.Contains(text, "before context.") || strings.Contains(text, "before cancel") {
			t.Errorf("package testing is named, or a wrong place, in\n%s", text)
		}
	}
}

func textOf(t *testing.T, r schedtest.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteText(&b, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Nobody holds a channel, but somebody has put the token there.
func TestReportsNameWhoUsedTheChannelLastLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestTokens(t *testing.T) {
	a, b := make(chan bool, 1), make(chan bool, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		a <- true
		b <- true
		<-b
		<-a
	})
	wg.Go(func() {
		b <- true
		a <- true
		<-a
		<-b
	})
	wg.Wait()
}

func TestNobody(t *testing.T) {
	c := make(chan bool)
	go func() { <-c }()
	<-c
}
`})
	opts.Schedules = 300
	results := run(t, opts).Results
	if len(results) != 2 {
		t.Fatalf("%+v", results)
	}
	for i, want := range [][]string{
		{"goroutine 3 m.TestTokens.func1: chan send on b at m_test.go:13, which goroutine 4 used last at m_test.go:18", "goroutine 4 m.TestTokens.func2: chan send on a at m_test.go:19, which goroutine 3 used last at m_test.go:12"},
		{"chan receive on c at m_test.go:29\n", "chan receive on c at m_test.go:28, started"},
	} {
		text := textOf(t, schedtest.Report{Results: results[i : i+1]})
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
	}
}

// Of twenty workers and hundreds of switches few matter.
func TestAFailureAmongManyGoroutinesIsShortLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	f, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var accounts [10]sync.Mutex
	jobs := make(chan [2]int)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for j := range jobs {
				accounts[j[0]].Lock()
				accounts[j[1]].Lock()
				accounts[j[1]].Unlock()
				accounts[j[0]].Unlock()
			}
		})
	}
	for i := range 120 {
		a, b := i%9, i%9+1
		if i == 110 {
			a, b = b, a
		}
		jobs <- [2]int{a, b}
	}
	close(jobs)
	wg.Wait()
}
`)
	if f.Kind != schedtest.Deadlock || f.Switches > 3 || !f.Exact {
		t.Errorf("%s with %d switches:\n%s", f.Kind, f.Switches, text)
	}
}

func TestASpawnLeadsFromTheGoStatementLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	f, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func left(mu *sync.Mutex, c chan int)  { mu.Lock(); c <- 1 }
func right(mu *sync.Mutex, c chan int) { mu.Lock(); c <- 2 }

func TestX(t *testing.T) {
	var mu sync.Mutex
	c := make(chan int)
	mu.Lock()
	go left(&mu, c)
	mu.Unlock()
	go right(&mu, c)
	<-c
	<-c
}
`)
	spawns := 0
	for _, e := range f.Trace.Edges {
		if e.Kind == trace.Spawn {
			spawns++
			if op := f.Trace.Steps[e.From].Op; !strings.HasPrefix(op, "go ") {
				t.Errorf("a goroutine is started by %q", op)
			}
		}
	}
	if spawns != 2 || !strings.Contains(text, "held by goroutine 3 since m_test.go:8") {
		t.Errorf("%d spawns:\n%s", spawns, text)
	}
	// A go statement with arguments starts a wrapper, of which nobody has heard.
	var lanes []string
	for _, l := range f.Trace.Lanes {
		lanes = append(lanes, l.Name)
	}
	if !slices.Contains(lanes, "goroutine 3 m.left") || !slices.Contains(lanes, "goroutine 4 m.right") {
		t.Errorf("lanes %q", lanes)
	}
}

// The accesses of a race are steps of its picture, in the lanes that made them.
func TestARaceIsInThePictureLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "the race detector's standard library")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

type counter[T int | string] struct {
	mu sync.Mutex
	n  T
}

func (c *counter[T]) add(one T, done chan bool) {
	c.mu.Lock()
	c.n += one
	c.mu.Unlock()
	done <- true
}

func TestX(t *testing.T) {
	c, done := new(counter[int]), make(chan bool, 1)
	go c.add(1, done)
	if c.n > 1 {
		t.Log(c.n)
	}
	<-done
}
`})
	opts.Race = true
	for _, prove := range []bool{false, true} {
		do := schedtest.Run
		if prove {
			do = schedtest.Prove
		}
		report, err := do(t.Context(), opts)
		if err != nil || report.Results[0].Finding == nil || report.Results[0].Finding.Kind != schedtest.DataRace {
			t.Fatalf("proving %v: %v, %+v", prove, err, report)
		}
		tr := report.Results[0].Finding.Trace
		var marked []string
		for _, s := range tr.Steps {
			if s.Flags&trace.Failing != 0 {
				marked = append(marked, fmt.Sprintf("%s: %s at %d", tr.Lanes[s.Lane].Name, s.Op, s.Pos.Line))
			}
		}
		slices.Sort(marked)
		if want := []string{"goroutine 2 TestX: read at 23", "goroutine 3 m.(*counter[...]).add: write at 15"}; !slices.Equal(marked, want) ||
			!strings.Contains(tr.Detail, "goroutine 3 m.(*counter[...]).add holds c.mu") || !strings.Contains(tr.Detail, "goroutine 2 TestX holds no lock that the steps show") {
			t.Errorf("proving %v: %q, want %q; %s", prove, marked, want, tr.Detail)
		}
	}
}
