package linear_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/linear"
)

// quietly is a test that keeps its failure for the example.
type quietly struct {
	testing.TB
	end func()
}

func (*quietly) Helper()                          {}
func (*quietly) Name() string                     { return "Example" }
func (q *quietly) Cleanup(f func())               { q.end = f }
func (*quietly) Errorf(format string, arg ...any) { fmt.Printf(format+"\n", arg...) }

// A queue whose Dequeue takes the newest element is no queue.
func ExampleNew() {
	t := new(quietly) // in a test: the test's own t
	h := linear.New(t, linear.Queue[string](0))
	var q []string
	enqueue := func(v string) {
		h.Do(linear.Enqueue(v), func() linear.Result[string] {
			q = append(q, v)
			return linear.Did[string](true)
		})
	}
	enqueue("a")
	enqueue("b")
	h.Do(linear.Dequeue[string](), func() linear.Result[string] {
		last := q[len(q)-1]
		q = q[:len(q)-1]
		return linear.Value(last)
	})
	t.end() // the test is over
	// Output:
	// these operations of a queue have no order in which their results are right, given which returned before which was called; at most 2 of 3 fit:
	//    1  thread 0  Enqueue(a) = true
	//    2  thread 0  Enqueue(b) = true    after 1
	//    3  thread 0  Dequeue() = b    after 2
}

// Goroutines that use a sync.Map.
func ExampleHistory_Do() {
	t := new(quietly)
	h := linear.New(t, linear.Map[string, int]())
	var m sync.Map
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			h.Do(linear.Store("k", i), func() linear.Result[int] {
				m.Store("k", i)
				return linear.Did[int](true)
			})
			h.Do(linear.Load[string, int]("k"), func() linear.Result[int] {
				v, ok := m.Load("k")
				return linear.Got(v.(int), ok)
			})
		})
	}
	wg.Wait()
	fmt.Println(h.Check())
	// Output: <nil>
}

// A specification of one's own: a ticket machine, whose only operation returns the
// next number and has no arguments.
func ExampleSpec() {
	machine := linear.Spec[int, string, int]{
		Name: "ticket machine",
		Init: func() int { return 1 },
		Step: func(next int, op string) []linear.Outcome[int, int] {
			return []linear.Outcome[int, int]{{State: next + 1, Result: next}}
		},
	}
	h := linear.New(new(quietly), machine)
	n := 0
	for range 3 {
		h.Do("ticket", func() int {
			if n < 2 { // it is stuck at 2
				n++
			}
			return n
		})
	}
	fmt.Println(strings.Contains(h.Check().Error(), "at most 2 of 3 fit"))
	// Output: true
}

func ExampleSemaphore() {
	h := linear.New(new(quietly), linear.Semaphore(1))
	acquired := func() linear.Result[int] { return linear.Did[int](true) }
	h.Do(linear.TryAcquire(1), acquired)
	fmt.Println(h.Check())
	h.Do(linear.TryAcquire(1), acquired) // nobody has released it
	fmt.Println(h.Check() == nil)
	// Output:
	// <nil>
	// false
}
