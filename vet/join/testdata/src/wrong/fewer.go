package main

import "sync"

// All four are counted.
func four(check func(int) bool) {
	var wg sync.WaitGroup
	wg.Add(4)
	for i := 0; i < 4; i++ {
		go func() {
			if !check(i) {
				return // want "ends here without calling wg.Done"
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// Each is counted on its own.
func each(keys []string, check func(string) bool) {
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Add(1)
		go func() {
			if !check(k) {
				return // want "ends here without calling wg.Done"
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// As many are counted as there are keys.
func many(keys []string, check func(string) bool) {
	var wg sync.WaitGroup
	wg.Add(len(keys))
	for _, k := range keys {
		go func() {
			if !check(k) {
				return // want "ends here without calling wg.Done"
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// There is one, and it is counted.
func alone(check func() bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if !check() {
			return // want "ends here without calling wg.Done"
		}
		wg.Done()
	}()
	wg.Wait()
}

// The loop is around both.
func rounds(n int, check func(int) bool) {
	for i := range n {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			if !check(i) {
				return // want "ends here without calling wg.Done"
			}
			wg.Done()
		}()
		wg.Wait()
	}
}
