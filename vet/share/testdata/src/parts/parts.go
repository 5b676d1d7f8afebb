// Package parts has goroutines that share a slice, each a part of it.
package parts

import "sync"

func fill(part []int) {
	for i := range part {
		part[i]++
	}
}

func evenAndOdd(xs []int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < len(xs); i += 2 {
			xs[i]++
		}
	})
	wg.Go(func() {
		for i := 1; i < len(xs); i += 2 {
			xs[i]++
		}
	})
	wg.Wait()
}

func evenTwice(xs []int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < len(xs); i += 2 {
			xs[i]++ // want "`xs\\[…\\]` is written here, by the goroutine started at parts.go:29, and written by the one started at parts.go:34"
		}
	})
	wg.Go(func() {
		for i := 0; i < len(xs); i += 2 {
			xs[i]--
		}
	})
	wg.Wait()
}

// Index 4 is in both.
func secondAndThird() {
	xs := make([]int, 12)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < 12; i += 2 {
			xs[i]++ // want "`xs\\[…\\]` is written here, by the goroutine started at parts.go:46, and written by the one started at parts.go:51"
		}
	})
	wg.Go(func() {
		for i := 1; i < 12; i += 3 {
			xs[i]++
		}
	})
	wg.Wait()
}

// Index 4 is in neither.
func secondAndThirdShort() {
	xs := make([]int, 12)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < 4; i += 2 {
			xs[i]++
		}
	})
	wg.Go(func() {
		for i := 1; i < 12; i += 3 {
			xs[i]++
		}
	})
	wg.Wait()
}

// The index says whose an element is.
func chosen(xs []int, m int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range xs {
			if i%2 == 0 && i < m {
				xs[i]++
			}
		}
	})
	wg.Go(func() {
		for i := range xs {
			if i%2 == 0 && i < m {
				continue
			}
			xs[i]++
		}
	})
	wg.Wait()
}

// What the element says is another matter.
func asked(xs []int, on bool) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range xs {
			if on {
				xs[i]++ // want "`xs\\[…\\]` is written here, by the goroutine started at parts.go:100, and written by the one started at parts.go:107"
			}
		}
	})
	wg.Go(func() {
		for i := range xs {
			xs[i]--
		}
	})
	wg.Wait()
}

func halves(xs []int) {
	m := len(xs) / 2
	var wg sync.WaitGroup
	wg.Go(func() { clear(xs[:m]) })
	wg.Go(func() {
		for i := m; i < len(xs); i++ {
			xs[i]++
		}
	})
	wg.Wait()
}

func halvesOfMany(xs []int, n int) {
	var wg sync.WaitGroup
	for k := range n {
		lo, hi := k*len(xs)/n, (k+1)*len(xs)/n
		wg.Go(func() { clear(xs[lo:hi]) })
	}
	wg.Wait()
}

func rangedHalves(xs []int) {
	m := len(xs) / 2
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range xs[:m] {
			xs[i]++
		}
	})
	wg.Go(func() {
		for i := len(xs) - 1; i >= m; i-- {
			xs[i]++
		}
	})
	wg.Wait()
}

func overlapping(xs []int) {
	m := len(xs) / 2
	var wg sync.WaitGroup
	wg.Go(func() { clear(xs[:m+1]) }) // want "`xs` is written here, by the goroutine started at parts.go:155, and written by the one started at parts.go:156"
	wg.Go(func() { clear(xs[m:]) })
	wg.Wait()
}

func overlappingLoops(xs []int, m int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i <= m; i++ {
			xs[i]++ // want "`xs\\[…\\]` is written here, by the goroutine started at parts.go:162, and written by the one started at parts.go:167"
		}
	})
	wg.Go(func() {
		for i := m; i < len(xs); i++ {
			xs[i]++
		}
	})
	wg.Wait()
}

func overlappingNumbers(xs []int) {
	var wg sync.WaitGroup
	wg.Go(func() { fill(xs[:5]) })
	clear(xs[4:]) // want "`xs` is written here and also by the goroutine started at parts.go:177"
	wg.Wait()
}

func copied(to, from []int) int {
	go copy(to, from) // want "`to` is written here, by the goroutine started at parts.go:183, and read at parts.go:184"
	return to[0]
}

func copiedText(to []byte) byte {
	go copy(to, "text") // want "`to` is written here, by the goroutine started at parts.go:188, and read at parts.go:189"
	return to[0]
}

func cleared(m map[string]int) int {
	go clear(m) // want "`m` is written here, by the goroutine started at parts.go:193, and read at parts.go:194"
	return m["tea"]
}

func deleted(m map[string]int) {
	go delete(m, "tea")
	m["milk"] = 1 // want "`m` is written here and also by the goroutine started at parts.go:198"
}

func copiedElsewhere(to, from []int) int {
	go copy(to[1:], from)
	return to[0] + from[0]
}

func printed(xs []int) {
	go println(len(xs))
	xs[0] = 1
}
