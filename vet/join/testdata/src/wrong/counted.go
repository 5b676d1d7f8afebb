package main

import "sync"

type box struct {
	wg   *sync.WaitGroup
	live bool
}

func (b *box) loop() {}

// What is not nil is another pointer.
func (b *box) start(wg *sync.WaitGroup) {
	if wg != nil {
		wg.Add(1)
	}
	go b.run(wg, nil)
}

func (b *box) run(wg, other *sync.WaitGroup) {
	b.loop()
	if other != nil {
		wg.Done()
	}
} // want `ends here without calling wg.Done, which other paths call`

// The group is counted wherever it is not nil.
func (b *box) field() {
	go func() {
		b.loop()
		if b.wg != nil && b.live {
			b.wg.Done()
		}
	}() // want `ends here without calling b.wg.Done, which other paths call`
}

// Add does not ask, Done does.
func (b *box) tracked(track bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		b.loop()
		if track {
			wg.Done()
		}
	}() // want `ends here without calling wg.Done, which other paths call`
	wg.Wait()
}

// The two ask for different numbers.
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
	if workers <= 2 {
		return // want `ends here without calling wg.Done, which other paths call`
	}
	wg.Done()
}

// The field can have changed by the time that the goroutine reads it.
func (b *box) changed(wg *sync.WaitGroup) {
	if b.live {
		wg.Add(1)
	}
	go func() {
		b.loop()
		if b.live {
			wg.Done()
		}
	}() // want `ends here without calling wg.Done, which other paths call`
	wg.Wait()
}
