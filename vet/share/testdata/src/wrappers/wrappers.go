// Package wrappers goes through wrappers that another package has.
package wrappers

import "github.com/fearless-go/fearless/vet/share/testdata/src/wrapper"

func spawned() int {
	n := 0
	wrapper.Run(func() { n++ }) // want "`n` is written here, by the goroutine started at wrappers.go:8, and read at wrappers.go:9"
	return n
}

func joinedByTheCall() int {
	a, b := 0, 0
	wrapper.Both(func() { a = 1 }, func() { b = 2 })
	return a + b
}

func bothAtOnce() int {
	a := 0
	wrapper.Both(func() { a = 1 }, func() { a = 2 }) // want "`a` is written here"
	return a
}

func waited(p *wrapper.Pool) int {
	n := 0
	p.Go(func() { n++ })
	p.Wait()
	return n
}

func closed() int {
	n := 0
	p := wrapper.New("closed")
	p.Go(func() { n++ })
	p.Close()
	return n
}

func notWaited(p *wrapper.Pool) int {
	n := 0
	p.Go(func() { n++ }) // want "`n` is written here"
	return n
}

// Waiting for one pool says nothing about another.
func otherPool() int {
	n := 0
	p, q := wrapper.New("p"), wrapper.New("q")
	p.Go(func() { n++ })
	q.Wait()
	n++ // want "`n` is written here and also by the goroutine started at wrappers.go:49"
	p.Wait()
	return n
}

// Nor does waiting for the one group of a pool about its other.
func otherGroup(p *wrapper.Pool) (int, error) {
	n := 0
	p.Go(func() { n++ }) // want "`n` is written here"
	err := p.Tried()
	return n, err
}

func tried(p *wrapper.Pool) (int, error) {
	n := 0
	p.Try(func() error { n++; return nil })
	err := p.Tried()
	return n, err
}

func counted(p *wrapper.Pool) int {
	n := 0
	p.Enter()
	go func() {
		defer p.Leave()
		n++
	}()
	p.Wait()
	return n
}

func leftTooEarly(p *wrapper.Pool) int {
	n := 0
	p.Enter()
	go func() {
		p.Leave()
		n++ // want "`n` is written here"
	}()
	p.Wait()
	return n
}

// What waits perhaps, or does more, is taken for whatever it may do.
func unknown(p *wrapper.Pool, busy bool, done chan struct{}) (int, int) {
	n, m := 0, 0
	p.Go(func() { n++ })
	p.WaitIf(busy)
	n++
	p.Go(func() { m++ })
	p.WaitOr(done)
	return n, m
}
