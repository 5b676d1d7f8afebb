// Package lockall has functions that take the locks of all objects they are given.
package lockall

import (
	"sort"
	"sync"
)

type node struct {
	mu       sync.Mutex
	id       int
	children map[string]*node
	parent   *node
	changes  int
}

func lockNodes(ns ...*node) {
	sort.Slice(ns, func(i, j int) bool { return ns[i].id < ns[j].id })
	var last *node
	for _, n := range ns {
		if n != last {
			n.mu.Lock()
			last = n
		}
	}
}

func unlockNodes(ns ...*node) {
	var last *node
	for _, n := range ns {
		if n != last {
			n.mu.Unlock()
			last = n
		}
	}
}

func (n *node) add(name string, child *node) {
	lockNodes(n, child)
	n.children[name] = child
	child.parent = n
	n.changes++
	unlockNodes(n, child)
}

func (n *node) drop(name string, log func(string)) {
	var all []*node
	n.mu.Lock()
	all = append(all[:0], n)
	if ch := n.children[name]; ch != nil {
		all = append(all, ch)
	}
	n.mu.Unlock()
	lockNodes(all...)
	delete(n.children, name)
	n.changes++
	unlockNodes(all...)
	log(name)
}

func addAndDrop(names []string, log func(string)) {
	root := &node{children: map[string]*node{}}
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Add(2)
		go func() {
			root.add(name, &node{id: i})
			wg.Done()
		}()
		go func() {
			root.drop(name, log)
			wg.Done()
		}()
	}
	wg.Wait()
}

type leaf struct {
	mu sync.Mutex
	n  int
}

// Each is locked for a moment only.
func touch(ls []*leaf) {
	for _, l := range ls {
		l.mu.Lock()
		l.mu.Unlock()
	}
}

func touchAndCount(ls []*leaf, log func(int)) {
	var wg sync.WaitGroup
	l := &leaf{}
	ls = append(ls, l)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			log(i)
			touch(ls)
			l.n++ // want "`l.n` is written here by every goroutine started at lockall.go:[0-9]+; nothing orders them"
		}()
	}
	wg.Wait()
}

type twig struct {
	mu sync.Mutex
	n  int
}

// It locks all and gives them back before the use.
func countTooLate(log func(int)) {
	var wg sync.WaitGroup
	t := &twig{}
	ts := []*twig{t}
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			log(i)
			for _, t := range ts {
				t.mu.Lock()
			}
			for _, t := range ts {
				t.mu.Unlock()
			}
			t.n++ // want "`t.n` is written here by every goroutine started at lockall.go:[0-9]+; nothing orders them"
		}()
	}
	wg.Wait()
}
