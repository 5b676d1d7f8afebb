// Package bugs has one test for each word that fearless test has, and some
// that must pass. None of them fails under go test, or only now and then.
package bugs

import (
	"fmt"
	"math/rand"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestLostUpdate(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			v := n
			mu.Unlock()
			mu.Lock()
			n = v + 1
			mu.Unlock()
		})
	}
	wg.Wait()
	if n != 2 {
		t.Errorf("n = %d, want 2", n)
	}
}

func TestDirectAtomic(t *testing.T) {
	var n int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { atomic.StoreInt32(&n, atomic.LoadInt32(&n)+1) })
	}
	wg.Wait()
	if n := atomic.LoadInt32(&n); n != 2 {
		t.Errorf("n = %d, want 2", n)
	}
}

func TestAtomicMethod(t *testing.T) {
	var n atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n.Store(n.Load() + 1) })
	}
	wg.Wait()
	if n.Load() != 2 {
		t.Errorf("n = %d, want 2", n.Load())
	}
}

func TestDeadlock(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
	})
	wg.Go(func() {
		b.Lock()
		a.Lock()
		a.Unlock()
		b.Unlock()
	})
	wg.Wait()
}

func TestPartialDeadlock(t *testing.T) {
	var a, b sync.Mutex
	go func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() }()
	go func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() }()
}

func TestLeak(t *testing.T) {
	c := make(chan int)
	done := make(chan bool, 1)
	go func() { c <- 1 }()
	go func() { done <- true }()
	select {
	case <-c:
	case <-done:
	}
}

// A goroutine that waits for good is found although another never rests.
func TestLeakBesideTicker(t *testing.T) {
	go tick()
	c := make(chan int)
	go func() { <-c }()
}

func tick() {
	for range time.Tick(time.Minute) {
	}
}

func TestSendOnClosed(t *testing.T) {
	c := make(chan int, 1)
	go func() { close(c) }()
	c <- 1
}

func TestDoubleClose(t *testing.T) {
	c := make(chan int)
	var once atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if !once.Load() {
				once.Store(true)
				close(c)
			}
		})
	}
	wg.Wait()
}

func TestNegativeWaitGroup(t *testing.T) {
	var wg sync.WaitGroup
	go func() { wg.Add(1) }()
	time.Sleep(0)
	wg.Done()
}

func TestUnlockOfUnlocked(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	var wg sync.WaitGroup
	var unlocked atomic.Bool
	for range 2 {
		wg.Go(func() {
			if !unlocked.Load() {
				unlocked.Store(true)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestConcurrentMap(t *testing.T) {
	m := map[int]int{}
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { m[i] = i })
	}
	wg.Wait()
}

func TestLivelock(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	try := func(x, y *sync.Mutex) {
		for {
			x.Lock()
			if y.TryLock() {
				y.Unlock()
			}
			x.Unlock()
		}
	}
	wg.Go(func() { try(&a, &b) })
	wg.Go(func() { try(&b, &a) })
	wg.Wait()
}

func TestLogAfterEnd(t *testing.T) {
	go func() { t.Log("late") }()
}

func TestExit(t *testing.T) {
	var n atomic.Int32
	go n.Store(1)
	if n.Load() == 1 {
		os.Exit(3)
	}
}

func TestSelectOrder(t *testing.T) {
	a, b := make(chan int, 1), make(chan int, 1)
	a <- 1
	b <- 1
	select {
	case <-a:
	case <-b:
		t.Error("the second channel was chosen")
	}
}

func TestRandom(t *testing.T) {
	if rand.Intn(4) == 0 {
		t.Error("zero")
	}
}

func TestMapOrder(t *testing.T) {
	for k := range map[string]int{"a": 1, "b": 2, "c": 3} {
		if k == "c" {
			t.Error("c came first")
		}
		break
	}
}

func TestTimerRace(t *testing.T) {
	var n atomic.Int32
	time.AfterFunc(time.Millisecond, func() { n.Add(1) })
	time.Sleep(time.Millisecond)
	if n.Load() == 0 {
		t.Error("the sleeper woke before the timer's function ran")
	}
}

func TestDataRace(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	wg.Go(func() { n++; mu.Lock(); mu.Unlock() })
	mu.Lock()
	mu.Unlock()
	n++
	wg.Wait()
}

// The rest is right.

var global int

func TestRightLocks(t *testing.T) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	before := global
	for range 3 {
		wg.Go(func() { mu.Lock(); global++; mu.Unlock() })
		wg.Go(func() { mu.RLock(); _ = global; mu.RUnlock() })
	}
	wg.Wait()
	if global != before+3 {
		t.Error(global)
	}
}

func TestRightTime(t *testing.T) {
	start := time.Now()
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for range 24 {
		<-tick.C
	}
	if d := time.Since(start); d < 24*time.Hour || d > 25*time.Hour {
		t.Errorf("a day took %v", d)
	}
	deadline := time.Now().Add(time.Second)
	for time.Now().Before(deadline) {
	}
}

func TestRightSpin(t *testing.T) {
	var ready atomic.Bool
	go ready.Store(true)
	for !ready.Load() {
	}
}

// A goroutine that can run is not kept waiting for long.
func TestRightPolling(t *testing.T) {
	var done atomic.Bool
	go done.Store(true)
	for range 10 {
		if done.Load() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("never done")
}

// A ticker that nobody waits for does not keep the others from waking up.
func TestRightQuickTicker(t *testing.T) {
	t.Setenv("GODEBUG", "asynctimerchan=1")
	tick := time.NewTicker(1)
	defer tick.Stop()
	time.Sleep(time.Hour)
}

var reachable = make(chan int)

func TestRightTicker(t *testing.T) {
	go tick()
	go func() {
		time.Sleep(time.Hour)
		reachable <- 1
	}()
	go func() { <-reachable }()
}

func TestRightSubtests(t *testing.T) {
	for i := range 3 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() { t.Log("cleaned") })
			time.Sleep(time.Duration(i) * time.Second)
		})
	}
}

func TestRightBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := make(chan int)
		go func() { time.Sleep(time.Hour); c <- 1 }()
		synctest.Wait()
		<-c
	})
}

func TestRightPool(t *testing.T) {
	pool := sync.Pool{New: func() any { return new(int) }}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { pool.Put(pool.Get()) })
	}
	wg.Wait()
}

func FuzzRight(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {
		c := make(chan int)
		go func() { c <- n }()
		if <-c != n {
			t.Error("lost")
		}
	})
}

func Example() {
	c := make(chan int)
	go func() { c <- 1 }()
	fmt.Println(<-c)
	// Output: 1
}
