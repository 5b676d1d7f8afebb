package wrong

import "sync"

// Each worker ends at its first error, and all may.
func pool(jobs []int, do func(int) error) error {
	in, done := make(chan int), make(chan error, 4)
	for range 4 {
		go func() {
			for j := range in {
				if err := do(j); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for _, j := range jobs {
		in <- j // want `this send can wait for good: .in. has no buffer, and all goroutines that receive from it can end at pool.go:[0-9]+, on an error, before they have received what is sent`
	}
	close(in)
	var first error
	for range 4 {
		if err := <-done; err != nil && first == nil {
			first = err
		}
	}
	return first
}

type worker struct{ n int }

func (w *worker) run(in <-chan []byte, wg *sync.WaitGroup, write func([]byte) (int, error)) {
	defer wg.Done()
	for {
		p, ok := <-in
		if !ok {
			return
		}
		n, err := write(p)
		w.n += n
		if err != nil {
			return
		}
	}
}

// The producer is a goroutine of its own.
func copies(src <-chan []byte, workers []*worker, write func([]byte) (int, error)) {
	in := make(chan []byte, 8)
	var wg sync.WaitGroup
	for _, w := range workers {
		wg.Add(1)
		go w.run(in, &wg, write)
	}
	go func() {
		for p := range src {
			in <- p // want `this send can wait for good: .in. has room for 8, and all goroutines`
		}
		close(in)
	}()
	wg.Wait()
}

// Two of one kind, which keep the error in a variable of their starter.
func pair(jobs []int, do func(int) error) (err error) {
	in := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	work := func() {
		defer wg.Done()
		for j := range in {
			if e := do(j); e != nil {
				mu.Lock()
				err = e
				mu.Unlock()
				break
			}
		}
	}
	wg.Add(2)
	go work()
	go work()
	for _, j := range jobs {
		in <- j // want `this send can wait for good`
	}
	close(in)
	wg.Wait()
	return err
}
