package main

import "sync"

// One of the hundred is done with the group: the one whose number was drawn.
func drawn(number int) {
	var one, all sync.WaitGroup
	one.Add(1)
	all.Add(100)
	for i := range 100 {
		go func() {
			println(i)
			all.Done()
			if i == number {
				one.Done()
			}
		}()
	}
	one.Wait()
	all.Wait()
}

// Of those that look, the one that finds it says so.
func search(keys []string, want string) {
	var found sync.WaitGroup
	found.Add(1)
	for _, k := range keys {
		go func() {
			if k != want {
				return
			}
			found.Done()
		}()
	}
	found.Wait()
}

// Two of four have something to do.
func even() {
	var wg sync.WaitGroup
	wg.Add(2)
	for i := 0; i < 4; i++ {
		go func(i int) {
			if i%2 == 0 {
				wg.Done()
			}
		}(i)
	}
	wg.Wait()
}
