package silent

import (
	"context"
	"sync"
	"sync/atomic"
)

// A worker that has failed goes on.
func poolGoesOn(jobs []int, do func(int) error) error {
	in, done := make(chan int), make(chan error, 4)
	for range 4 {
		go func() {
			var first error
			for j := range in {
				if err := do(j); err != nil && first == nil {
					first = err
				}
			}
			done <- first
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
	return <-done
}

// A worker that has failed receives what is left.
func poolDrains(jobs []int, do func(int) error) error {
	in, done := make(chan int), make(chan error, 4)
	for range 4 {
		go func() {
			for j := range in {
				if err := do(j); err != nil {
					for range in {
					}
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
	return <-done
}

// A worker ends when it is given nothing, and each is given that at the end.
func poolOfPills(jobs []*int, do func(int)) {
	in := make(chan *int)
	for range 4 {
		go func() {
			for {
				j := <-in
				if j == nil {
					return
				}
				do(*j)
			}
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	for range 4 {
		in <- nil
	}
}

// A worker ends when it is given an error, which stands for the end.
func poolOfErrors(jobs []error, do func(error)) {
	in := make(chan error)
	for range 4 {
		go func() {
			for err := range in {
				if err != nil {
					return
				}
				do(err)
			}
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
}

// Whoever sends looks at the end of the workers, too.
func poolIsWatched(ctx context.Context, jobs []int, do func(int) error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := make(chan int)
	for range 4 {
		go func() {
			for j := range in {
				if err := do(j); err != nil {
					cancel()
					return
				}
			}
		}()
	}
	for _, j := range jobs {
		select {
		case in <- j:
		case <-ctx.Done():
			return
		}
	}
	close(in)
}

// One of the workers never ends before all is received.
func poolOfTwoKinds(jobs []int, do func(int) error) {
	in := make(chan int)
	for range 4 {
		go func() {
			for j := range in {
				if err := do(j); err != nil {
					return
				}
			}
		}()
	}
	go func() {
		for j := range in {
			_ = do(j)
		}
	}()
	for _, j := range jobs {
		in <- j
	}
	close(in)
}

// No more is sent than there is room for.
func poolWithRoom(jobs []int, do func(int) error) {
	in := make(chan int, len(jobs))
	for range 4 {
		go func() {
			for j := range in {
				if err := do(j); err != nil {
					return
				}
			}
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
}

// The sender looks whether one has failed before each send, and one that goes on is left.
func poolCounts(jobs []int, do func(int) error) {
	in := make(chan int)
	var left atomic.Int32
	left.Store(4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for j := range in {
				if err := do(j); err != nil && left.Add(-1) > 0 {
					return
				}
			}
		})
	}
	for _, j := range jobs {
		if left.Load() == 0 {
			break
		}
		in <- j
	}
	close(in)
	wg.Wait()
}
