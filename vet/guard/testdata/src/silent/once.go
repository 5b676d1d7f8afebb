package silent

import (
	"errors"
	"sync"
)

// A depot gives its lock back early, and at the end if it has not.
type depot struct {
	mu sync.Mutex
	m  map[string]int
}

func (d *depot) get(k string, fetch func(string) (int, error)) (int, error) {
	d.mu.Lock()
	unlock := new(sync.Once)
	defer unlock.Do(d.mu.Unlock)
	for {
		if n, ok := d.m[k]; ok {
			return n, nil
		}
		unlock.Do(d.mu.Unlock)
		n, err := fetch(k)
		if err != nil {
			return 0, err
		}
		d.mu.Lock()
		*unlock = sync.Once{}
		d.m[k] = n
	}
}

func (d *depot) put(k string, n int, log func(string)) {
	d.mu.Lock()
	var once sync.Once
	unlock := func() { once.Do(d.mu.Unlock) }
	defer unlock()
	d.m[k] = n
	if n > 3 {
		unlock()
		log(k)
		d.mu.Lock()
		once = sync.Once{}
		d.m[k]++
	}
}

func (d *depot) drop(k string, log func(string)) error {
	var once sync.Once
	unlock := func() {
		once.Do(func() {
			d.mu.Unlock()
		})
	}
	d.mu.Lock()
	defer unlock()
	if _, ok := d.m[k]; !ok {
		return errors.New("no " + k)
	}
	delete(d.m, k)
	unlock()
	log(k)
	d.len()
	return nil
}

func (d *depot) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.m)
}

// A hold is what a caller has until it lets go, or its function ends.
type hold struct {
	d    *depot
	once sync.Once
}

func (h *hold) take()  { h.d.mu.Lock() }
func (h *hold) letGo() { h.once.Do(h.d.mu.Unlock) }

func (d *depot) twice(k string, log func(string)) {
	h := &hold{d: d}
	h.take()
	defer h.letGo()
	d.m[k] *= 2
	if d.m[k] > 8 {
		h.letGo()
		log(k)
	}
}

// The first time it is read-locked.
type shelf struct {
	mu sync.RWMutex
	m  map[string]int
}

func (s *shelf) get(k string, log func(string)) int {
	s.mu.RLock()
	var once sync.Once
	defer once.Do(s.mu.RUnlock)
	if n, ok := s.m[k]; ok {
		return n
	}
	once.Do(s.mu.RUnlock)
	log(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k]++
	return s.m[k]
}
