package habits

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Whatever f waits for, nobody tells it that err has been written.
func both(f func() error) error {
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { err = f() }) // want "`err` is written here, by the goroutine started at told.go:17, and written by the one started at told.go:18; nothing orders the two"
	wg.Go(func() { err = f() })
	wg.Wait()
	return err
}

// The one who logs may let the other one go on.
func inTurn(f func() error, log func(error)) error {
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { err = f(); log(err) })
	wg.Go(func() { err = f(); log(err) })
	wg.Wait()
	return err
}

// Who gives up waiting does not know what the goroutine does.
func giveUp() int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	n := 0
	done := make(chan bool)
	go func() {
		n = 1 // want "`n` is written here, by the goroutine started at told.go:39, and read at told.go:47; nothing orders the two"
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return n
}

func waitFor() int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	n := 0
	done := make(chan bool)
	go func() {
		n = 1
		close(done)
	}()
	select {
	case <-done:
		return n
	case <-ctx.Done():
		return 0
	}
}

// Of the functions in the arguments, each is started once.
func start(fs ...func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(f)
	}
	wg.Wait()
}

func starts() int {
	a, b, c := 0, 0, 0
	start(func() { a++ }, func() { b++ })
	start(
		func() { c++ }, // want "`c` is written here, by the goroutine started at told.go:71, and written by the one started at told.go:71; nothing orders the two"
		func() { c-- },
	)
	return a + b + c
}

// A channel with room for one is a lock, one with room for two is none.
func semaphore(n int) int {
	one, two := make(chan bool, 1), make(chan bool, 2)
	a, b := 0, 0
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			one <- true
			defer func() { <-one }()
			a++
		})
		wg.Go(func() {
			two <- true
			defer func() { <-two }()
			b++ // want "`b` is written here by every goroutine started at told.go:97; nothing orders them"
		})
	}
	wg.Wait()
	return a + b
}

// Functions of the standard library use what they are given.
func library() {
	var b bytes.Buffer
	m := map[string]int{}
	var wg sync.WaitGroup
	wg.Go(func() { fmt.Fprintln(&b, "one") }) // want "`b` is written here, by the goroutine started at told.go:112, and written by the one started at told.go:113; nothing orders the two"
	wg.Go(func() { fmt.Fprintln(&b, "two") })
	wg.Go(func() { m["x"]++ }) // want "`m` is written here, by the goroutine started at told.go:114, and read at told.go:115; nothing orders the two"
	println(slices.Sorted(maps.Keys(m)))
	wg.Wait()
	println(slices.Sorted(maps.Keys(m)))
}
