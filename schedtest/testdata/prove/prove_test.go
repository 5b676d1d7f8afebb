// Package prove has a test of each construct. The end of a test's name is the
// verdict that fearless prove gives with the race detector.
package prove

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unique"
	"weak"
)

func TestRWMutexProven(t *testing.T) {
	var rw sync.RWMutex
	x := 0
	var wg sync.WaitGroup
	wg.Go(func() { rw.Lock(); x++; rw.Unlock() })
	wg.Go(func() { rw.RLock(); _ = x; rw.RUnlock() })
	wg.Go(func() { rw.RLock(); _ = x; rw.RUnlock() })
	wg.Wait()
}

func TestRWRecursiveFails(t *testing.T) { // a writer that waits blocks the second RLock
	var rw sync.RWMutex
	var wg sync.WaitGroup
	wg.Go(func() { rw.RLock(); rw.RLock(); rw.RUnlock(); rw.RUnlock() })
	wg.Go(func() { rw.Lock(); rw.Unlock() })
	wg.Wait()
}

func TestOnceProven(t *testing.T) {
	var o sync.Once
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			o.Do(func() { n++ })
			if n != 1 {
				t.Error("n")
			}
		})
	}
	wg.Wait()
}

func TestCondProven(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	done := make(chan bool)
	go func() {
		mu.Lock()
		for !ready {
			c.Wait()
		}
		mu.Unlock()
		done <- true
	}()
	mu.Lock()
	ready = true
	c.Signal()
	mu.Unlock()
	<-done
}

func TestCondLostFails(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	var ready atomic.Bool
	done := make(chan bool)
	go func() {
		mu.Lock()
		for !ready.Load() {
			c.Wait()
		}
		mu.Unlock()
		done <- true
	}()
	ready.Store(true)
	c.Signal()
	<-done
}

func TestBufferedProven(t *testing.T) {
	c := make(chan int, 2)
	go func() {
		for i := range 4 {
			c <- i
		}
		close(c)
	}()
	n := 0
	for v := range c {
		if v != n {
			t.Fatal(v)
		}
		n++
	}
	if n != 4 {
		t.Fatal(n)
	}
}

func TestSelectBothFails(t *testing.T) {
	a, b := make(chan int, 1), make(chan int, 1)
	a <- 1
	b <- 1
	select {
	case <-a:
	case <-b:
		t.Fatal("b")
	}
}
func TestSelectLateFails(t *testing.T) {
	a, b := make(chan int), make(chan int)
	go func() { a <- 1 }()
	go func() { b <- 1 }()
	select {
	case <-a:
		<-b
	case <-b:
		<-a
		t.Fatal("b first")
	}
}
func TestSelectDefaultFails(t *testing.T) {
	a := make(chan int, 1)
	go func() { a <- 1 }()
	select {
	case <-a:
	default:
		t.Fatal("default")
	}
}
func TestSelectDefaultTakenFails(t *testing.T) {
	a := make(chan int)
	go func() { a <- 1 }()
	go func() {
		select {
		case <-a:
			t.Error("taken")
		default:
			<-a
		}
	}()
}
func TestCloseTwiceFails(t *testing.T) {
	c := make(chan int)
	var closed atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if !closed.Load() {
				closed.Store(true)
				close(c)
			}
		})
	}
	wg.Wait()
}
func TestLenFails(t *testing.T) {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	if len(c) == 1 {
		t.Fatal("one")
	}
	<-c
}
func TestWGReuseFails(t *testing.T) { // Add at zero beside Wait
	var wg sync.WaitGroup
	done := make(chan bool, 1)
	go func() { wg.Add(1); wg.Done(); done <- true }()
	wg.Wait()
	<-done
}
func TestWGNegativeFails(t *testing.T) {
	var wg sync.WaitGroup
	go func() {
		defer func() {
			if r := recover(); r != nil {
				t.Error(r)
			}
		}()
		wg.Done()
	}()
	wg.Add(1)
	wg.Wait()
}
func TestTryLockFails(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { mu.Lock(); mu.Unlock() })
	if !mu.TryLock() {
		wg.Wait()
		t.Fatal("busy")
	} else {
		mu.Unlock()
	}
	wg.Wait()
}
func TestRaceFails(t *testing.T) {
	x := 0
	done := make(chan bool, 2)
	go func() { x++; done <- true }()
	x++
	<-done
}
func TestLeakFails(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1 }()
}
func TestSyncMapFails(t *testing.T) {
	var m sync.Map
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { m.LoadOrStore("k", i) })
	}
	wg.Wait()
	if v, _ := m.Load("k"); v == 1 {
		t.Fatal("1")
	}
}
func TestSyncMapProven(t *testing.T) {
	var m sync.Map
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { m.Store(i, i) })
	}
	wg.Wait()
	for i := range 3 {
		if v, _ := m.Load(i); v != i {
			t.Fatal(i, v)
		}
	}
}
func TestRandFails(t *testing.T) {
	if rand.IntN(5) == 3 {
		t.Fatal(3)
	}
}
func TestRandProven(t *testing.T) {
	if rand.IntN(5) == 5 {
		t.Fatal(5)
	}
}
func TestRandBigUndecided(t *testing.T) {
	if rand.Int64() == 12345 {
		t.Fatal("big")
	}
}
func TestRandBeforeAnotherUndecided(t *testing.T) {
	a, b := rand.Int64(), rand.IntN(2)
	if a == 12345 && b == 0 {
		t.Fatal("big")
	}
}
func TestRandOfOneProven(t *testing.T) {
	if rand.IntN(1) != 0 || rand.IntN(2) > 1 {
		t.Fatal("out of range")
	}
}
func TestMapOrderUndecided(t *testing.T) {
	m := map[int]int{1: 1, 2: 2, 3: 3}
	s := 0
	for k := range m {
		s = k
	}
	_ = s
}
func TestSleepFails(t *testing.T) { // any: both orders
	var x atomic.Int32
	go func() { time.Sleep(time.Millisecond); x.Store(1) }()
	time.Sleep(time.Second)
	if x.Load() == 0 {
		t.Fatal("late")
	}
}
func TestTimeoutProven(t *testing.T) {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	select {
	case <-c:
	case <-time.After(time.Second):
	}
}
func TestTimeoutFails(t *testing.T) {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	select {
	case <-c:
	case <-time.After(time.Second):
		t.Fatal("timeout")
	}
}
func TestTickerProven(t *testing.T) {
	tk := time.NewTicker(time.Millisecond)
	defer tk.Stop()
	<-tk.C
	<-tk.C
}
func TestAfterFuncFails(t *testing.T) {
	var ran atomic.Bool
	tm := time.AfterFunc(time.Second, func() { ran.Store(true) })
	if !tm.Stop() {
		t.Fatal("ran")
	}
}
func TestContextProven(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { <-ctx.Done(); done <- ctx.Err() }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}
func TestContextTimeoutProven(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	<-ctx.Done()
}
func TestContextTimeoutFails(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if ctx.Err() != nil {
		t.Fatal("already")
	}
}
func TestMinuteStoppedProven(t *testing.T) { // nobody is a minute late
	c := make(chan int, 1)
	go func() { c <- 1 }()
	tm := time.NewTimer(time.Minute)
	defer tm.Stop()
	select {
	case <-tm.C:
		t.Fatal("timeout")
	case <-c:
	}
}
func TestMinuteContextProven(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := make(chan int)
	go func() { c <- 1 }()
	select {
	case <-ctx.Done():
		t.Fatal("timeout")
	case <-c:
	}
}
func TestMinuteResetProven(t *testing.T) {
	tm := time.NewTimer(time.Millisecond)
	tm.Reset(time.Minute)
	select {
	case <-tm.C:
		t.Fatal("fired")
	default:
	}
	tm.Stop()
}
func TestMinuteAfterFuncProven(t *testing.T) { // two, of which one is stopped before the other is set
	var n atomic.Int32
	time.AfterFunc(time.Minute, func() { n.Add(1) }).Stop()
	time.AfterFunc(2*time.Minute, func() { n.Add(1) }).Stop()
	if n.Load() != 0 {
		t.Fatal("called")
	}
}
func TestMinuteBesideSleepFails(t *testing.T) { // five seconds late is enough
	c := make(chan int, 1)
	go func() { time.Sleep(55 * time.Second); c <- 1 }()
	tm := time.NewTimer(time.Minute)
	defer tm.Stop()
	select {
	case <-tm.C:
		t.Fatal("timeout")
	case <-c:
	}
}
func TestMinuteBesideShortSleepProven(t *testing.T) {
	c := make(chan int, 1)
	go func() { time.Sleep(40 * time.Second); c <- 1 }()
	tm := time.NewTimer(time.Minute)
	defer tm.Stop()
	select {
	case <-tm.C:
		t.Fatal("timeout")
	case <-c:
	}
}
func TestMinuteBesideLongSleepFails(t *testing.T) { // nobody is late
	c := make(chan int, 1)
	go func() { time.Sleep(2 * time.Minute); c <- 1 }()
	tm := time.NewTimer(time.Minute)
	defer tm.Stop()
	select {
	case <-tm.C:
		t.Fatal("timeout")
	case <-c:
	}
}
func TestTContextProven(t *testing.T) {
	done := make(chan bool)
	t.Cleanup(func() { <-done })
	go func() { <-t.Context().Done(); close(done) }()
}
func TestNumUndecided(t *testing.T) {
	if runtime.NumGoroutine() < 1 {
		t.Fatal()
	}
}
func TestClockUndecided(t *testing.T) { _ = time.Now() }
func TestFileUndecided(t *testing.T)  { os.ReadFile("go.mod") }
func TestPrintProven(t *testing.T)    { fmt.Println("x"); t.Log("y") }
func TestTempDirProven(t *testing.T)  { t.TempDir() }
func TestNetUnsuitable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	go func() {
		c, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			c.Close()
		}
	}()
	c, err := l.Accept()
	if err == nil {
		c.Close()
	}
}
func TestPipeUnsuitable(t *testing.T) {
	r, w, _ := os.Pipe()
	go func() { w.Write([]byte("x")); w.Close() }()
	b := make([]byte, 1)
	r.Read(b)
	r.Close()
}
func TestSignalUnsuitable(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
}
func TestSynctestUnsuitable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { time.Sleep(time.Hour) })
}
func TestExitFails(t *testing.T)  { os.Exit(3) }
func TestPanicFails(t *testing.T) { go func() { panic("x") }(); select {} }
func TestManyUndecided(t *testing.T) {
	var wg sync.WaitGroup
	for range 10000 {
		wg.Go(func() {})
	}
	wg.Wait()
}
func TestLongUndecided(t *testing.T) {
	var x atomic.Int64
	go func() { x.Add(1) }()
	for range 1000000 {
		x.Add(1)
	}
}
func TestSubtestsProven(t *testing.T) {
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) { c := make(chan int); go func() { c <- 1 }(); <-c })
	}
}
func TestParallelFails(t *testing.T) {
	var x atomic.Int32
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if x.Add(1) == 2 && i == 0 {
				t.Error("second")
			}
		})
	}
}
func TestParallelProven(t *testing.T) {
	t.Parallel()
	var x atomic.Int32
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) { t.Parallel(); x.Add(1) })
	}
}
func TestFailNowFails(t *testing.T)  { t.FailNow() }
func TestSkipPassed(t *testing.T)    { t.Skip("no") }
func TestLogAfterFails(t *testing.T) { go func() { t.Log("late") }() }
func ExampleProven()                 { fmt.Println("hi") /* Output: hi */ }
func FuzzProven(f *testing.F)        { f.Add(1); f.Fuzz(func(t *testing.T, n int) {}) }
func TestSpinProven(t *testing.T) {
	var x atomic.Bool
	go func() { x.Store(true) }()
	for !x.Load() {
		runtime.Gosched()
	}
}
func TestSpinForeverFails(t *testing.T) {
	var x atomic.Bool
	for !x.Load() {
	}
}

func TestSpinLockProven(t *testing.T) {
	var l atomic.Int32
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !l.CompareAndSwap(0, 1) {
				runtime.Gosched()
			}
			n++
			l.Store(0)
		})
	}
	wg.Wait()
	if n != 3 {
		t.Fatal(n)
	}
}
func TestSwapLockProven(t *testing.T) {
	var l atomic.Bool
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for l.Swap(true) {
			}
			n++
			l.Store(false)
		})
	}
	wg.Wait()
}
func TestTryLockLoopProven(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !mu.TryLock() {
				runtime.Gosched()
			}
			n++
			mu.Unlock()
		})
	}
	wg.Wait()
}
func TestPollLockedProven(t *testing.T) {
	var mu sync.Mutex
	done := false
	go func() { mu.Lock(); done = true; mu.Unlock() }()
	for {
		mu.Lock()
		d := done
		mu.Unlock()
		if d {
			break
		}
		runtime.Gosched()
	}
}
func TestPollWhileLockedProven(t *testing.T) { // the lock is not what it waits for
	var mu sync.Mutex
	c := make(chan int, 1)
	go func() { c <- 1; mu.Lock(); mu.Unlock() }()
	mu.Lock()
	for len(c) == 0 {
	}
	mu.Unlock()
}
func TestPollDefaultProven(t *testing.T) {
	a, b := make(chan int, 1), make(chan int)
	go func() { a <- 1 }()
	for {
		select {
		case <-a:
			return
		case <-b:
			t.Error("b")
		default:
		}
	}
}
func TestPollTwoProven(t *testing.T) { // Peterson's lock
	var flag [2]atomic.Bool
	var turn atomic.Int32
	n := 0
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			flag[i].Store(true)
			turn.Store(int32(1 - i))
			for flag[1-i].Load() && turn.Load() == int32(1-i) {
			}
			n++
			flag[i].Store(false)
		})
	}
	wg.Wait()
}

// The counter ends the loop in a round that reads what the others did.
func TestPollCountedFails(t *testing.T) {
	var x atomic.Bool
	c := make(chan bool)
	go func() { x.Store(true); close(c) }()
	i := 0
	for ; i < 3 && !x.Load(); i++ {
	}
	<-c
	if i == 3 {
		t.Fatal("in vain")
	}
}
func TestPollHeapCountedFails(t *testing.T) { // the counter is not on the stack
	var x atomic.Bool
	n := new(int)
	sink = n
	c := make(chan bool)
	go func() { x.Store(true); close(c) }()
	for !x.Load() {
		if *n++; *n == 5 {
			t.Error("five")
			break
		}
	}
	<-c
}

var sink *int

// A round of the loop makes an order that others do not have.
func TestPollRaceFails(t *testing.T) {
	var gate, n atomic.Int32
	x := 0
	go func() { x = 1; n.Store(1) }()
	go func() { gate.Store(1) }()
	for gate.Load() == 0 {
		n.Load()
	}
	x = 2
	_ = x
}

// Only a round that is in vain reads x.
func TestPollReadsRaceFails(t *testing.T) {
	var gate atomic.Int32
	x, s := 0, 0
	go func() { x = 1; gate.Store(1) }()
	for gate.Load() == 0 {
		s = x
	}
	_ = s
}

// Who finds the lock taken sees that the loop goes round.
func TestPollSeenFails(t *testing.T) {
	var mu sync.Mutex
	var x, seen atomic.Bool
	go func() {
		if !mu.TryLock() {
			seen.Store(true)
		} else {
			mu.Unlock()
		}
		x.Store(true)
	}()
	for done := false; !done; {
		mu.Lock()
		done = x.Load()
		mu.Unlock()
	}
	if seen.Load() {
		t.Fatal("seen")
	}
}
func TestLivelockFails(t *testing.T) {
	var a, b atomic.Bool
	go func() {
		for !a.Load() {
			runtime.Gosched()
		}
		b.Store(true)
	}()
	for !b.Load() {
		runtime.Gosched()
	}
	a.Store(true)
}

var (
	once sync.Once
	made int
)

// What is made once in a process is not made in the executions that follow.
func TestPackageOnceProven(t *testing.T) {
	once.Do(func() { made++ })
}

var requests, answers = make(chan int), make(chan int)

func init() {
	go func() {
		for v := range requests {
			answers <- v
		}
	}()
}

func TestStartedBeforeUndecided(t *testing.T) {
	requests <- 1
	<-answers
}

func TestSyncMapChangesInRangeUndecided(t *testing.T) {
	var m sync.Map
	m.Store(1, 1)
	c := make(chan bool)
	go func() {
		<-c
		m.Store(2, 2)
		m.Range(func(k, v any) bool { return true })
		c <- true
	}()
	m.Range(func(k, v any) bool {
		if k == 1 {
			c <- true
			<-c
		}
		return true
	})
}
func TestNilChanFails(t *testing.T) { var c chan int; <-c }
func TestTickerLoopUndecided(t *testing.T) {
	var done atomic.Bool
	tk := time.NewTicker(time.Millisecond)
	go func() { done.Store(true) }()
	for range tk.C {
		if done.Load() {
			break
		}
	}
	tk.Stop()
}
func TestOncePanicProven(t *testing.T) {
	var o sync.Once
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { defer func() { recover() }(); o.Do(func() { panic("x") }) })
	}
	wg.Wait()
}
func TestCASProven(t *testing.T) {
	var x atomic.Int32
	var wins atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if x.CompareAndSwap(0, 1) {
				wins.Add(1)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Fatal("wins")
	}
}

func TestSyncMapOrderUndecided(t *testing.T) { // the seed of the hash says which key is first
	var m sync.Map
	m.Store(1, true)
	m.Store(2, true)
	m.Range(func(k, _ any) bool {
		if k != 1 {
			t.Log(k)
		}
		return false
	})
}
func TestSyncMapRangeOfOneProven(t *testing.T) {
	var m sync.Map
	m.Store(1, true)
	n := 0
	m.Range(func(k, _ any) bool { n++; return true })
	if n != 1 {
		t.Fatal(n)
	}
}
func TestWeakUndecided(t *testing.T) {
	if weak.Make(new([100]int)).Value() == nil {
		t.Log("collected")
	}
}
func TestMaphashUndecided(t *testing.T) {
	if maphash.Comparable(maphash.MakeSeed(), 1)%2 == 0 {
		t.Log("even")
	}
}
func TestUniqueProven(t *testing.T) {
	if unique.Make("a") != unique.Make("a") {
		t.Fatal("a")
	}
}
