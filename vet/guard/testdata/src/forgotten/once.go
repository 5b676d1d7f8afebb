package forgotten

import (
	"errors"
	"sync"
)

// A depot gives its lock back early, but not on each way.
type depot struct {
	mu, log sync.Mutex
	m       map[string]int
}

func (d *depot) get(k string, fetch func(string) (int, error)) (int, error) {
	d.mu.Lock()
	unlock := new(sync.Once)
	if n, ok := d.m[k]; ok {
		return n, nil // want "d.mu is still locked when the function returns here"
	}
	unlock.Do(d.mu.Unlock)
	return fetch(k)
}

// put forgets another lock than the one that it gives back.
func (d *depot) put(k string, n int) error {
	d.mu.Lock()
	unlock := new(sync.Once)
	defer unlock.Do(d.mu.Unlock)
	d.log.Lock()
	if n < 0 {
		return errors.New("negative") // want "d.log is still locked when the function returns here"
	}
	d.m[k] = n
	d.log.Unlock()
	return nil
}
