package plain

import "sync"

func handedOver(done func()) {
	var box struct{ mu sync.Mutex }
	box.mu.Lock()
	go func() {
		done()
		box.mu.Lock()
		box.mu.Unlock()
	}()
	box.mu.Lock() // want "box.mu is locked here while this goroutine holds it since .*: it waits for itself forever"
}

// A read lock is given back as often as it was taken, but must not be taken twice.
func counted(mu *sync.RWMutex, n int) {
	for range n {
		mu.RLock() // want "mu is read-locked here while this goroutine holds it since .*: when a writer waits in between, neither ever goes on"
	}
	for range n {
		mu.RUnlock()
	}
}

func readers(mu *sync.RWMutex, n int) {
	mu.RLock()
	for range n {
		mu.RUnlock() // want "mu is unlocked here for the second time: .*"
	}
} // want "mu is still read-locked when the function returns here: .*"

func messages(mu *sync.Mutex, next func() bool) {
	locked := false
	for next() {
		if !locked {
			mu.Lock() // want "mu is locked here while this goroutine holds it since .*: it waits for itself forever"
			defer mu.Unlock()
		}
	}
}

func tested(mu *sync.Mutex, err error) {
	mu.Lock()
	if err != nil {
		mu.Unlock()
		println(err)
	}
	mu.Unlock() // want "mu is unlocked here for the second time: .*"
}

type diskStore struct{ mu sync.Mutex }

func held(it any) {
	if d, ok := it.(*diskStore); ok {
		d.mu.Lock()
	}
	if d, ok := it.(*diskStore); ok {
		d.mu.Lock() // want "it.mu is locked here while this goroutine holds it since .*: it waits for itself forever"
	}
}
