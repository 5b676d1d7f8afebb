package book

import (
	"sync"
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// ch1-12: the same queue with a condition variable. Wait unlocks and sleeps in one
// step, so that no notification falls between.
//
//fearless:prove -time ideal
func TestCondvar(t *testing.T) {
	queue := lock.NewMutex([]int(nil))
	var notEmpty lock.Condvar
	consumer := thread.Spawn(func() int {
		q := queue.Lock()
		defer q.Unlock()
		notEmpty.WaitWhile(q, func() bool { return len(q.Get()) == 0 })
		return q.Get()[0]
	})
	queue.With(func(q *[]int) { *q = append(*q, 1) })
	notEmpty.NotifyOne()
	if item, err := consumer.Join(); item != 1 || err != nil {
		t.Error(item, err)
	}
}

// The same with the standard library's, and two items.
//
//fearless:prove
func TestCondOfSync(t *testing.T) {
	const items = 2
	var mu sync.Mutex
	notEmpty := sync.NewCond(&mu)
	var queue []int
	sum := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for range items {
			mu.Lock()
			for len(queue) == 0 {
				notEmpty.Wait()
			}
			sum += queue[0]
			queue = queue[1:]
			mu.Unlock()
		}
	})
	for i := range items {
		mu.Lock()
		queue = append(queue, i+1)
		mu.Unlock()
		notEmpty.Signal()
	}
	wg.Wait()
	if sum != 3 {
		t.Error(sum)
	}
}
