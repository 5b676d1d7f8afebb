// Package told has calls of unknown functions that cannot order what they
// stand beside, and some that can.
package told

import (
	"os"
	"sync"
)

type store interface {
	load() (int, error)
	save(n int) error
}

type svc struct {
	a, b   store
	report func(error)
}

// A return before the goroutines start has nothing to tell.
func guardClause(a, b store, n int) (int, error) {
	if n == 0 {
		return 0, nil
	}
	var err error
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = a.load() // want "`err` is written here, by the goroutine started at told.go:[0-9]+, and written by the one started at"
	}()
	go func() {
		defer wg.Done()
		_, err = b.load()
	}()
	wg.Wait()
	return n, err
}

func guardClauses(a, b store, ns []int) (err error) {
	for _, n := range ns {
		if n < 0 {
			return nil
		}
	}
	if _, err := a.load(); err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		err = a.save(1) // want "`err` is written here, by the goroutine"
	})
	wg.Go(func() {
		err = b.save(2)
	})
	wg.Wait()
	return err
}

// A call behind Wait comes too late for both.
func callAfterWait(s store) (int, error) {
	var err error
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = s.load() // want "`err` is written here, by the goroutine"
	}()
	go func() {
		defer wg.Done()
		_, err = s.load()
	}()
	wg.Wait()
	s.load()
	return 0, err
}

// Behind this Wait only one of them is over: the call may say so to the other.
func callAfterOneWait(s store) (int, error) {
	var err error
	var one, two sync.WaitGroup
	one.Add(1)
	two.Add(1)
	go func() {
		defer one.Done()
		_, err = s.load()
	}()
	go func() {
		defer two.Done()
		s.save(1)
		err = nil
	}()
	one.Wait()
	s.load()
	two.Wait()
	return 0, err
}

// What is said on some ways only is nothing to wait for.
func (s *svc) sometimes() (err error) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = s.a.load() // want "`err` is written here, by the goroutine"
		if err != nil {
			s.report(err)
		}
	}()
	go func() {
		defer wg.Done()
		_, err = s.b.load()
		if err != nil {
			s.report(err)
		}
	}()
	wg.Wait()
	return err
}

// Both do the same: load has come back, for each of them, without the report.
func (s *svc) sameSteps() (err error) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = s.a.load() // want "`err` is written here, by the goroutine"
		s.report(err)
	}()
	go func() {
		defer wg.Done()
		_, err = s.b.load()
		s.report(err)
	}()
	wg.Wait()
	return err
}

// What one says the other may wait for.
func (s *svc) otherSteps(wait func()) (err error) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = s.a.load()
		s.report(err)
	}()
	go func() {
		defer wg.Done()
		wait()
		err = nil
	}()
	wg.Wait()
	return err
}

// The function that starts the goroutine says nothing before it waits.
func starter(a, b store) (x, y int, err error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		x, err = a.load()
	}()
	y, err = b.load() // want "`err` is written here and also by the goroutine started at"
	wg.Wait()
	return
}

// This one does: the call may be what the goroutine waits for.
func starterSays(a store, ready func(), wait func()) (n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wait()
		n++
	}()
	n++
	ready()
	wg.Wait()
	return n
}

// Nobody can tell the goroutine that the function has returned.
func (s *svc) forgotten(n int) (err error) {
	if n < 0 {
		return nil
	}
	go func() {
		err = s.a.save(n)
	}()
	return nil // want "`err` is written here and also by the goroutine started at"
}

// Here the caller can.
func (s *svc) waits(released func()) (err error) {
	go func() {
		released()
		err = s.a.save(1)
	}()
	return nil
}

func files(p, q string, data []byte) chan error {
	out := make(chan error, 2)
	f, err := os.Create(p)
	if err != nil {
		out <- err
	} else {
		go func() {
			_, err = f.Write(data)
			out <- err
			f.Close()
		}()
	}
	g, err := os.Create(q) // want "`err` is written here and also by the goroutine started at"
	if err != nil {
		out <- err
	} else {
		go func() {
			_, err = g.Write(data) // want "`err` is written here, by the goroutine"
			out <- err
			g.Close()
		}()
	}
	return out
}

// A pipe is something to wait for.
func pipe(data []byte) (n int) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0
	}
	done := make(chan bool)
	go func() {
		r.Read(make([]byte, 1))
		n++
		close(done)
	}()
	n++
	w.Write(data)
	<-done
	return n
}

type deep struct{ n int }

func (x *deep) f1() { x.f2() }
func (x *deep) f2() { x.f3() }
func (x *deep) f3() { x.f4() }
func (x *deep) f4() { x.f5() }
func (x *deep) f5() { x.f6() }
func (x *deep) f6() { x.f7() }
func (x *deep) f7() { x.f8() }
func (x *deep) f8() { x.n++ } // want "is written here"

func deeply() {
	x := &deep{}
	go x.f1()
	println(x.n)
}
