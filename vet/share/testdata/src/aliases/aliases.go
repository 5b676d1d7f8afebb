// Package aliases reaches the same memory by different names.
package aliases

import "sync"

type node struct {
	val  int
	next *node
}

func pointers() {
	n := &node{}
	m := n
	go func() { n.val = 1 }() // want "`n.val` is written here, by the goroutine started at aliases.go:14, and read at aliases.go:15; nothing orders the two"
	println(m.val)
}

func slices() {
	s := make([]int, 4)
	t := s
	go func() { s[1] = 1 }()
	t[1] = 2 // want "`s\\[1\\]` is written here and also by the goroutine started at aliases.go:21; nothing orders the two"
	t[2] = 3
}

func parts() {
	s := make([]int, 4)
	go func() { copy(s[:2], s[2:]) }() // want "`s` is written here, by the goroutine started at aliases.go:28, and read at aliases.go:29; nothing orders the two"
	println(s[0])
	println(s[3])
}

func arguments() {
	n := &node{}
	go set(n)
	set(n)
}

func set(n *node) { n.val = 1 } // want "`n.val` is written here and also by the goroutine started at aliases.go:35; nothing orders the two"

type setter interface{ set() }

func (n *node) set() { n.val++ } // want "`n.val` is written here and also by the goroutine started at aliases.go:47; nothing orders the two"

func interfaces() {
	var s setter = &node{}
	go s.set()
	s.set()
}

func functions() {
	x := 0
	inc := func() { x++ } // want "`x` is written here by every goroutine started at aliases.go:55; nothing orders them"
	for range 2 {
		go inc()
	}
}

func overAChannel() {
	c := make(chan *node)
	go func() {
		n := <-c
		n.val = 1 // want "`.*node.val` is written here, by the goroutine started at aliases.go:61, and read at aliases.go:67; nothing orders the two"
	}()
	n := &node{}
	c <- n
	println(n.val)
}

func distinct(nodes []*node) {
	var wg sync.WaitGroup
	for _, n := range nodes {
		wg.Go(func() { n.val = 1 })
	}
	wg.Wait()
}
