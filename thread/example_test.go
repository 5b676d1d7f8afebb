package thread_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/thread"
)

func ExampleSpawn() {
	numbers := []int{1, 2, 3, 4}
	average := thread.Spawn(func() int {
		sum := 0
		for _, n := range numbers {
			sum += n
		}
		return sum / len(numbers)
	})
	fmt.Println(average.Join())
	// Output: 2 <nil>
}

func ExampleJoinHandle() {
	h := thread.Go(func() { time.Sleep(time.Millisecond) })
	select {
	case <-h.Done():
	case <-time.After(time.Minute):
		fmt.Println("too slow")
	}
	_, err := h.Join()
	fmt.Println(err, h.IsFinished())
	// Output: <nil> true
}

func ExamplePanicError() {
	thread.SetPanicHook(func(*thread.PanicError) {}) // it prints to standard error by default
	defer thread.SetPanicHook(nil)

	_, err := thread.Go(func() { panic(os.ErrNotExist) }).Join()
	var panicked *thread.PanicError
	if errors.As(err, &panicked) {
		fmt.Println(panicked.Value, errors.Is(err, os.ErrNotExist))
	}
	// Output: file does not exist true
}

func ExampleSetPanicHook() {
	thread.SetPanicHook(func(e *thread.PanicError) { fmt.Println(e.Thread.Name(), "said", e.Value) })
	defer thread.SetPanicHook(nil)
	h, err := thread.SpawnWith(thread.Builder{Name: "worker"}, func() int { panic("ouch") })
	if err != nil {
		fmt.Println(err)
		return
	}
	h.Join()
	// Output: worker said ouch
}

func ExampleBuilder() {
	b := thread.Builder{Name: "parser", StackSize: 1 << 20}
	h, err := thread.SpawnWith(b, func() string { return thread.Current().Name() })
	if err != nil {
		fmt.Println(err)
		return
	}
	name, _ := h.Join()
	fmt.Println(name)

	_, err = thread.SpawnWith(thread.Builder{StackSize: -1}, func() int { return 0 })
	fmt.Println(err)
	// Output:
	// parser
	// thread: Builder.StackSize -1 is negative: use 0 for the default
}

func ExampleSetLimit() {
	thread.SetLimit(1)
	defer thread.SetLimit(0)
	stop := make(chan struct{})
	h := thread.Go(func() { <-stop })
	_, err := thread.SpawnWith(thread.Builder{}, func() int { return 0 })
	fmt.Println(err)
	close(stop)
	h.Join()
	// Output: thread: the limit of 1 live threads is reached: join some first, or raise it with SetLimit
}

func ExampleScope() {
	numbers := []int{1, 2, 3}
	var sum atomic.Int64
	thread.Scope(func(s *thread.ScopeHandle) {
		for _, n := range numbers {
			s.Go(func() { sum.Add(int64(n)) })
		}
	})
	fmt.Println(sum.Load())
	// Output: 6
}

func ExampleSpawnScoped() {
	text := "fearless"
	thread.Scope(func(s *thread.ScopeHandle) {
		length := thread.SpawnScoped(s, func() int { return len(text) })
		fmt.Println(length.Join())
	})
	// Output: 8 <nil>
}

func ExampleScopeContext() {
	thread.SetPanicHook(func(*thread.PanicError) {})
	defer thread.SetPanicHook(nil)
	defer func() {
		e := recover().(*thread.ScopePanicError)
		fmt.Println("scope:", e.Panics[0].Value)
	}()
	thread.ScopeContext(context.Background(), func(ctx context.Context, s *thread.ScopeHandle) {
		s.Go(func() { panic("one fails") })
		s.Go(func() {
			<-ctx.Done()
			fmt.Println("the other stops")
		})
	})
	// Output:
	// the other stops
	// scope: one fails
}

func ExamplePark() {
	var ready atomic.Bool
	h := thread.Go(func() {
		for !ready.Load() {
			thread.Park()
		}
		fmt.Println("awake")
	})
	ready.Store(true)
	h.Thread().Unpark()
	h.Join()
	// Output: awake
}

func ExampleThread_Unpark() {
	me := thread.Current()
	me.Unpark()
	me.Unpark() // they do not add up
	fmt.Println(thread.TryPark(), thread.TryPark())
	// Output: true false
}

func ExampleThreadID() {
	h := thread.Spawn(func() thread.ThreadID { return thread.Current().ID() })
	id, _ := h.Join()
	fmt.Println(id == h.Thread().ID(), thread.ThreadID(18))
	// Output: true ThreadId(18)
}

func ExampleErrScopeHandle() {
	err := thread.ScopeErr(context.Background(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
		length := thread.SpawnScoped(s.ScopeHandle, func() int { return len("hello") })
		s.Go(func() error {
			<-ctx.Done() // the error of another cancels it
			return nil
		})
		n, err := length.Join()
		if err != nil {
			return err
		}
		return fmt.Errorf("%d is too short", n)
	})
	fmt.Println(err)
	// Output: 5 is too short
}
