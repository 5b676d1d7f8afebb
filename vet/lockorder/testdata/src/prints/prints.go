// Package prints gives fmt and log what has methods that lock.
package prints

import (
	"fmt"
	"log"
	"sync"
)

type table struct {
	mu sync.RWMutex
	n  int
}

func (t *table) String() string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return fmt.Sprint(t.n)
}

func (t *table) read() {
	t.mu.RLock()
	fmt.Printf("in %s\n", t) // want `t.mu is read-locked by String`
	t.mu.RUnlock()
}

func (t *table) write() {
	t.mu.Lock()
	defer t.mu.Unlock()
	log.Println("now", t) // want `t.mu is locked by String|t.mu is read-locked by String`
}

func (t *table) right() {
	t.mu.RLock()
	fmt.Printf("at %p of %T, %d, %#v\n", t, t, t.n, t)
	fmt.Println(t.n)
	t.mu.RUnlock()
	fmt.Println(t)
}

type failure struct {
	mu    sync.Mutex
	cause string
}

func (f *failure) Error() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cause
}

func (f *failure) String() string { return "failure" }

// An error is printed by Error, not by String.
func (f *failure) wrap() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Errorf("wrapped: %w", f) // want `f.mu is locked by Error`
}

func (f *failure) wrapRight() error {
	f.mu.Lock()
	cause := f.cause
	f.mu.Unlock()
	return fmt.Errorf("wrapped: %s: %w", cause, f)
}
