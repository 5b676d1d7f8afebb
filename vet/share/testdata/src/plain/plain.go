// Package plain has the races that Rust's borrow checker refuses.
package plain

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/fearless-go/fearless/thread"
)

func counter() int {
	n := 0
	var wg sync.WaitGroup
	wg.Go(func() { n++ }) // want "`n` is written here, by the goroutine started at plain.go:16, and written by the one started at plain.go:17; nothing orders the two"
	wg.Go(func() { n++ })
	wg.Wait()
	return n
}

// The err of the surrounding function.
func capturedErr(names []string) (err error) {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err = os.Stat(name) // want "`err` is written here by every goroutine started at plain.go:27; nothing orders them"
		}()
	}
	wg.Wait()
	return err
}

// A named result is read by return.
func namedResult() (n int) {
	go func() { n = 1 }() // want "`n` is written here, by the goroutine started at plain.go:38, and read at plain.go:39; nothing orders the two"
	return
}

func numbers() {
	numbers := []int{1, 2, 3}
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { numbers = append(numbers, 1) }) // want "`numbers` is written here, by the goroutine started at plain.go:45, and read by the one started at plain.go:46; nothing orders the two"
		s.Go(func() { fmt.Println(numbers) })
	})
}

func maps(keys []string) map[string]int {
	m := map[string]int{}
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() { m[k]++ }) // want "`m` is written here by every goroutine started at plain.go:54; nothing orders them"
	}
	wg.Wait()
	return m
}

type server struct {
	mu    sync.RWMutex
	conns int
	name  string
}

func (s *server) start() {
	go s.loop()
	s.name = "started" // want "`s.name` is written here and read by the goroutine started at plain.go:67; nothing orders the two"
}

func (s *server) loop() { fmt.Println(s.name) }

// The wrong lock: reading is not enough to write.
func (s *server) underRLock() {
	for range 2 {
		go func() {
			s.mu.RLock()
			defer s.mu.RUnlock()
			s.conns++ // want "`s.conns` is written here by every goroutine started at plain.go:76; nothing orders them"
		}()
	}
}

var hits int

func hit() { hits++ } // want "`hits` is written here and also by the goroutine started at plain.go:89; nothing orders the two"

func globals() {
	go hit()
	hit()
}

func timer() {
	done := false
	time.AfterFunc(time.Second, func() { done = true }) // want "`done` is written here, by the goroutine started at plain.go:95, and read at plain.go:96; nothing orders the two"
	for !done {
	}
}

func handle() int {
	n := 0
	h := thread.Spawn(func() int { n++; return 1 })
	n++ // want "`n` is written here and also by the goroutine started at plain.go:102; nothing orders the two"
	h.Join()
	return n
}

// Joined once, started twice.
func joinedTooEarly() int {
	n := 0
	var wg sync.WaitGroup
	wg.Go(func() { n++ })
	wg.Wait()
	go func() { n++ }() // want "`n` is written here, by the goroutine started at plain.go:114, and read at plain.go:115; nothing orders the two"
	return n
}

func tried() {
	var mu sync.Mutex
	n := 0
	go func() {
		mu.TryLock()
		n++
		mu.Unlock()
	}()
	mu.Lock()
	n++ // want "`n` is written here and also by the goroutine started at plain.go:121; nothing orders the two"
	mu.Unlock()
}

func days() int {
	n := 0
	t := time.AfterFunc(300*24*time.Hour, func() { n = 1 })
	n = 2 // want "`n` is written here and also by the goroutine started at plain.go:[0-9]+"
	t.Stop()
	return n
}
