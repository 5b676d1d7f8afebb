package main

import "sync"

type box struct{ wg *sync.WaitGroup }

func (b *box) loop() {}

// Add and Done are both left out if there is no group.
func (b *box) start(wg *sync.WaitGroup) {
	if wg != nil {
		wg.Add(1)
	}
	go b.run(wg)
}

func (b *box) run(wg *sync.WaitGroup) {
	b.loop()
	if wg != nil {
		wg.Done()
	}
}

// Nobody waits for a group that is nil, wherever Add is.
func (b *box) field() {
	go func() {
		b.loop()
		if b.wg == nil {
			return
		}
		b.wg.Done()
	}()
}

// The goroutine is counted if, and only if, track is true.
func (b *box) tracked(track bool) {
	var wg sync.WaitGroup
	if track {
		wg.Add(1)
	}
	go func() {
		b.loop()
		if track {
			wg.Done()
		}
	}()
	wg.Wait()
}

// The same by an argument, and by the number of them.
func (b *box) several(workers int) {
	var wg sync.WaitGroup
	if workers > 1 {
		wg.Add(workers)
	}
	for range workers {
		go b.work(&wg, workers)
	}
	wg.Wait()
}

func (b *box) work(wg *sync.WaitGroup, workers int) {
	b.loop()
	if !(workers > 1) {
		return
	}
	wg.Done()
}
