package book

import (
	"sync"
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// ch1-08: threads that add to a number take turns, so that none of it is lost.
//
//fearless:prove -time ideal
func TestMutex(t *testing.T) {
	n := lock.NewMutex(0)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 2 {
			s.Go(func() {
				guard := n.Lock()
				defer guard.Unlock()
				for range 100 {
					*guard.Ptr() += 1
				}
			})
		}
	})
	if v, err := n.IntoInner(); v != 200 || err != nil {
		t.Error(v, err)
	}
}

// The same with the standard library's.
//
//fearless:prove
func TestMutexOfSync(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for range 100 {
				n++
			}
		})
	}
	wg.Wait()
	if n != 200 {
		t.Error(n)
	}
}
