package goid

import (
	"sync"
	"testing"
)

func TestEachGoroutineHasItsNumberAndItsKey(t *testing.T) {
	const n = 100
	var mu sync.Mutex
	numbers, keys := map[uint64]bool{}, map[uintptr]bool{}
	var wg, all sync.WaitGroup
	all.Add(n)
	for range n {
		wg.Go(func() {
			number, key := Get(), Key()
			mu.Lock()
			numbers[number], keys[key] = true, true
			mu.Unlock()
			all.Done()
			all.Wait() // all live at once
			deep(100)  // the stack moves
			if Get() != number || Key() != key || number != tracebackID() {
				t.Error("a goroutine's number or key has changed, or is not what a traceback says")
			}
		})
	}
	wg.Wait()
	if len(numbers) != n || len(keys) != n {
		t.Errorf("%d goroutines have %d numbers and %d keys", n, len(numbers), len(keys))
	}
}

//go:noinline
func deep(n int) byte {
	var frame [1024]byte
	if n > 0 {
		frame[n] = deep(n - 1)
	}
	return frame[n/2]
}

var got uint64

// The two are compared: go test -run '^$' -bench . ./internal/goid
func BenchmarkGet(b *testing.B) {
	for b.Loop() {
		got = Get()
	}
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		got = uint64(Key())
	}
}
