// Package received writes to elements whose indexes come out of a channel.
package received

import (
	"os"
	"sync"
	"sync/atomic"
)

func size(path string) int {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return int(info.Size())
}

// Each number is sent once, so that one worker has it.
func sizes(paths []string, workers int) []int {
	out := make([]int, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				out[i] = size(paths[i])
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

type job struct {
	at   int
	path string
}

// As a field of what is sent, by a goroutine, to a function with a select.
func fields(paths []string, stop chan bool) []int {
	out := make([]int, len(paths))
	jobs := make(chan job, 4)
	go func() {
		for i, p := range paths {
			jobs <- job{i, p}
		}
		close(jobs)
	}()
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				select {
				case j, ok := <-jobs:
					if !ok {
						return
					}
					out[j.at] = size(j.path)
				case <-stop:
					return
				}
			}
		}()
	}
	wg.Wait()
	return out
}

// One more than what is counted, to a worker that is a function.
func shifted(paths []string) []int {
	out := make([]int, len(paths)+1)
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go worker(&wg, next, out, paths)
	}
	for i := 0; i < len(paths); i++ {
		next <- i + 1
	}
	close(next)
	wg.Wait()
	return out
}

func worker(wg *sync.WaitGroup, next <-chan int, out []int, paths []string) {
	defer wg.Done()
	for i := range next {
		out[i] = size(paths[i-1])
	}
}

// The same number again and again.
func same(paths []string) []int {
	out := make([]int, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range next {
				out[i] = size(paths[i]) // want `written here by every goroutine started at received.go:\d+`
			}
		})
	}
	for range paths {
		next <- 0
	}
	close(next)
	wg.Wait()
	return out
}

// Half of the counter is sent twice.
func halves(paths []string) []int {
	out := make([]int, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range next {
				out[i] = size(paths[i]) // want `written here by every goroutine started at received.go:\d+`
			}
		})
	}
	for i := range paths {
		next <- i / 2
	}
	close(next)
	wg.Wait()
	return out
}

// Two loops send the same numbers.
func twice(paths []string) []int {
	out := make([]int, len(paths))
	jobs := make(chan job)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for j := range jobs {
				out[j.at] = size(j.path) // want `written here by every goroutine started at received.go:\d+`
			}
		})
	}
	for i, p := range paths {
		jobs <- job{i, p}
	}
	for i, p := range paths {
		jobs <- job{i, p}
	}
	close(jobs)
	wg.Wait()
	return out
}

// The index is not what is received.
func other(paths []string, k int) []int {
	out := make([]int, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range next {
				out[k] = size(paths[i]) // want `written here by every goroutine started at received.go:\d+`
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// A loop over the indexes of an array does not read it.
func rounds() {
	var before [2]atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for round := range before {
				before[round].Add(1)
			}
		})
	}
	wg.Wait()
}

// A loop over its elements does.
func copied() {
	var all [2]int
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, one := range all {
			println(one)
		}
	})
	all[0] = 1 // want `all\[0\]. is written here`
	wg.Wait()
}
