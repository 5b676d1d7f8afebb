package prove

import (
	"context"
	"expvar"
	"flag"
	"log"
	"math/rand"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// What executions leave to those behind them: package variables are put back.

var turns int

func TestStateFreshFails(t *testing.T) { // from the fourth execution on it would pass
	turns++
	var x atomic.Int64
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { x.Store(int64(i)) })
	}
	wg.Wait()
	if turns > 3 {
		return
	}
	if x.Load() == 0 {
		t.Fatal("0 last")
	}
}

var (
	stateOnce sync.Once
	value     int
)

func TestStateOnceFails(t *testing.T) { // only the first execution would set it
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { stateOnce.Do(func() { value = i }) })
	}
	wg.Wait()
	if value == 1 {
		t.Fatal(1)
	}
}

var ids atomic.Uint64

func TestStateCounterProven(t *testing.T) {
	var wg sync.WaitGroup
	var a, b uint64
	wg.Go(func() { a = ids.Add(1) })
	wg.Go(func() { b = ids.Add(1) })
	wg.Wait()
	if a == b || a+b != 3 {
		t.Fatal(a, b)
	}
}

var madeOnce *[]string

func TestStatePointerProven(t *testing.T) {
	if madeOnce != nil {
		t.Fatal(*madeOnce)
	}
	madeOnce = &[]string{"new"}
}

var backed = []int{1, 2, 3} // the array has no name

func TestStateArrayUndecided(t *testing.T) {
	if backed[0]++; backed[0] > 3 {
		t.Fatal(backed) // not by itself
	}
	var x atomic.Int32
	for range 2 {
		go x.Add(1)
	}
	x.Load()
}

var cache = map[string]*int{"a": new(int)}

func TestStateHeapUndecided(t *testing.T) { *cache["a"]++ }

var pool = make(chan int, 1)

func TestStateChannelProven(t *testing.T) {
	go func() { pool <- 1 }()
	<-pool
}

func TestStateEnvironmentProven(t *testing.T) {
	if os.Getenv("FEARLESS_LEFT") != "" {
		t.Fatal("left")
	}
	os.Setenv("FEARLESS_LEFT", "1")
}

func TestStateProcsProven(t *testing.T) {
	var a, b bool
	done := make(chan bool)
	go func() { a = true; done <- true }()
	go func() { b = true; done <- true }()
	<-done
	<-done
	if !a || !b || runtime.GOMAXPROCS(2) == 2 {
		t.Fatal("left")
	}
}

func TestStateOfTheDistributionProven(t *testing.T) { // its exported variables are put back
	var x atomic.Int32
	for range 2 {
		go x.Add(1)
	}
	if len(os.Args) > 10 || http.DefaultClient == nil {
		t.Fatal(os.Args)
	}
	os.Args = make([]string, 20)
	http.DefaultClient = nil
}

func TestStateRegisteredUndecided(t *testing.T) { // the second time it panics
	http.HandleFunc("/", nothing)
}

func nothing(http.ResponseWriter, *http.Request) {}

// What follows would hide the failure of lastIsFirst from all executions but the first,
// each by another kind of state that is not put back.

func lastIsFirst(t *testing.T) {
	var x atomic.Int64
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { x.Store(int64(i)) })
	}
	wg.Wait()
	if x.Load() == 0 {
		t.Fatal("0 last")
	}
}

func TestStateLogUndecided(t *testing.T) {
	if log.Prefix() != "left: " {
		log.SetPrefix("left: ")
		lastIsFirst(t)
	}
}

func TestStateFlagUndecided(t *testing.T) {
	if flag.Lookup("left") == nil {
		flag.Int("left", 0, "")
		lastIsFirst(t)
	}
}

func TestStateVariableUndecided(t *testing.T) {
	if expvar.Get("left") == nil {
		expvar.NewInt("left")
		lastIsFirst(t)
	}
}

var numbers = rand.New(rand.NewSource(5))

func TestStateRandomUndecided(t *testing.T) {
	if numbers.Intn(1000) == rand.New(rand.NewSource(5)).Intn(1000) {
		lastIsFirst(t)
	}
}

var inherited, cancelInherited = context.WithCancel(context.Background())

func TestStateContextUndecided(t *testing.T) {
	if inherited.Err() == nil {
		cancelInherited()
		lastIsFirst(t)
	}
}

var locked = new(sync.Mutex)

func TestStateLockUndecided(t *testing.T) {
	if locked.TryLock() {
		lastIsFirst(t)
	}
}

var calls = func() func() int { n := 0; return func() int { n++; return n } }()

func TestStateClosureUndecided(t *testing.T) {
	if calls() == 1 {
		lastIsFirst(t)
	}
}

func TestStateFolderUndecided(t *testing.T) {
	if dir, _ := os.Getwd(); dir != os.TempDir() {
		os.Chdir(os.TempDir())
		lastIsFirst(t)
	}
}

// A goroutine that goes round a loop remembers what it has seen: there is no end to its
// executions, and a failure in one of them.
func TestLoopRemembersFails(t *testing.T) {
	var x atomic.Int32
	seen := new([2]bool)
	go func() { x.Store(1); x.Store(2) }()
	for x.Load() != 2 {
		seen[x.Load()&1] = true
	}
	if seen[0] && seen[1] {
		t.Fatal("both")
	}
}
