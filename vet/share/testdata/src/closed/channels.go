package closed

import (
	"sync"
	"time"
)

func PingPong() {
	ball := 0
	there, back := make(chan int), make(chan int)
	go func() {
		for range 2 {
			<-there
			ball++
			back <- 1
		}
	}()
	for range 2 {
		ball = 1
		there <- 1
		<-back
	}
}

// With room for an answer nobody waits for the ball.
func PingPongAhead() {
	ball := 0
	there := make(chan int, 2)
	go func() {
		for range 2 {
			<-there
			ball++
		}
	}()
	for range 2 {
		ball = 1 // want "is written here"
		there <- 1
	}
}

func owner(fork *int, ch chan int) {
	for {
		*fork = 1
		ch <- 0
		<-ch
	}
}

func user(fork *int, ch chan int) {
	for {
		select {
		case <-ch:
			ch <- *fork
		}
	}
}

func Token() {
	var fork int
	ch := make(chan int)
	go owner(&fork, ch)
	go user(&fork, ch)
	go user(&fork, ch)
	time.Sleep(time.Second)
}

func CountedHandshake() {
	ch := make(chan int)
	go func() {
		for range 5 {
			<-ch
		}
		close(ch)
	}()
	for range 5 {
		ch <- 0
	}
	<-ch
}

func LockHandedOver() {
	var mu sync.Mutex
	x := 0
	mu.Lock()
	go func() {
		x++
		mu.Unlock()
	}()
	mu.Lock()
	go func() {
		x++
		mu.Unlock()
	}()
	mu.Lock()
	println(x)
	mu.Unlock()
}

func GroupPassesOn() {
	total := 0
	var first, second sync.WaitGroup
	first.Go(func() { total = 1 })
	second.Go(func() { first.Wait() })
	second.Wait()
	total++
}

// A Wait that comes in time by accident: the group may be empty yet.
func GroupAddedInside() {
	total := 0
	var first, second sync.WaitGroup
	second.Go(func() {
		first.Go(func() { total = 1 }) // want "is written here"
	})
	first.Wait()
	total++
	second.Wait()
}

// A timer that has been stopped in time never runs; one that has not may run at any time.
func TimerStopped() {
	n := 0
	t := time.AfterFunc(time.Hour, func() { n++ })
	if t.Stop() {
		n++
	}
}

func TimerPerhapsStopped() {
	n := 0
	t := time.AfterFunc(time.Hour, func() { n++ })
	t.Stop()
	n++ // want "is written here"
}

func AnotherTimerStopped(d time.Duration) {
	n := 0
	time.AfterFunc(d, func() { n++ })
	if time.NewTimer(d).Stop() {
		n++ // want "is written here"
	}
}

func IndexThenConstant() {
	var marks [3]int
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { marks[i] = 1 })
	}
	marks[2] = 5 // want "is written here"
	wg.Wait()
}

var results = make(chan int)

func PackageChannel() {
	n := 0
	go func() {
		n = 1
		results <- 1
	}()
	<-results
	println(n)
}

func PackageChannelUnheeded() {
	n := 0
	go func() {
		n = 1 // want "is written here"
		results <- 1
	}()
	println(n)
	<-results
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

// Two counters have two locks.
func LocksOfOthers() {
	a, b := &counter{}, &counter{}
	n := 0
	go func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		n++
		a.add2(b)
	}()
	b.mu.Lock()
	n++ // want "is written here"
	b.mu.Unlock()
}

func (c *counter) add2(other *counter) { other.add() }

// A TryLock that fails holds nothing, and who does not look may have failed.
func (c *counter) tries(f func()) {
	go func() {
		c.mu.Lock()
		c.n++
		c.mu.Unlock()
	}()
	if !c.mu.TryLock() {
		c.n = 0 // want "is written here"
		return
	}
	c.n = 1
	c.mu.Unlock()
	f()
}

type node struct{ next *node }

type lister struct{ head *node }

// A store of nil before the goroutines start makes nobody first.
func (l *lister) fill(f func()) {
	l.head = nil
	for range 2 {
		go func() {
			if l.head == nil {
				l.head = new(node) // want "is written here"
			}
			f()
		}()
	}
}
