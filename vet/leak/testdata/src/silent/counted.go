package silent

import "sync/atomic"

// Both go round twice.
func pingPong() {
	ball := 0
	there, back := make(chan int), make(chan int)
	go func() {
		for range 2 {
			<-there
			ball++
			back <- 1
		}
	}()
	for range 2 {
		ball = 1
		there <- 1
		<-back
	}
}

// One of three sends.
func last(work func(int) int) int {
	var left atomic.Int32
	left.Store(3)
	sum := make([]int, 3)
	done := make(chan int)
	for i := range 3 {
		go func() {
			sum[i] = work(i)
			if left.Add(-1) == 0 {
				done <- sum[0] + sum[1] + sum[2]
			}
		}()
	}
	return <-done
}

// The first to come sends.
func fastest(work func(int) int) int {
	var won atomic.Bool
	done := make(chan int)
	for i := range 3 {
		go func() {
			n := work(i)
			if !won.CompareAndSwap(false, true) {
				return
			}
			done <- n
		}()
	}
	return <-done
}
