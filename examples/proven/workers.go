package proven

import "sync"

// Map runs f on every item with n workers, and returns the results in order.
func Map(items []int, n int, f func(int) int) []int {
	out := make([]int, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for i := range next {
				out[i] = f(items[i])
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}
