// Package houses uses groups of another package, with callees that are not known.
package houses

import (
	"context"

	"github.com/fearless-go/fearless/vet/share/testdata/src/house"
)

type store interface{ get(n int) (int, error) }

func group(s store) error {
	var err error
	var g house.Group
	g.Go(func() error {
		_, err = s.get(1) // want "`err` is written here, by the goroutine started at houses.go:.*, and written by the one started at"
		return nil
	})
	g.Go(func() error {
		_, err = s.get(2)
		return nil
	})
	g.Wait()
	return err
}

// The group waits, whatever else it does then.
func withCancel(ctx context.Context, s store) error {
	var err error
	g, ctx := house.New(ctx)
	g.Go(func() error {
		_, err = s.get(1) // want "`err` is written here, by the goroutine started at houses.go:.*, and written by the one started at"
		return nil
	})
	g.Go(func() error {
		_, err = s.get(2)
		return nil
	})
	g.Wait()
	return err
}

func withCancelRight(ctx context.Context, s store) error {
	var err, err2 error
	g, ctx := house.New(ctx)
	g.Go(func() error {
		_, err = s.get(1)
		return nil
	})
	g.Go(func() error {
		_, err2 = s.get(2)
		return nil
	})
	g.Wait()
	if err == nil {
		return err2
	}
	return err
}

func pool(s store) (n int) {
	p := house.NewPool()
	for range 3 {
		p.Submit(func() {
			m, _ := s.get(1)
			n += m // want "`n` is written here by every goroutine started at"
		})
	}
	p.Close()
	return n
}

func poolRight(s store) (n int) {
	p := house.NewPool()
	p.Submit(func() {
		m, _ := s.get(1)
		n += m
	})
	p.Close()
	n++
	return n
}

func poolTooEarly(s store) (n int) {
	p := house.NewPool()
	p.Submit(func() {
		m, _ := s.get(1)
		n += m
	})
	n++ // want "`n` is written here and also by the goroutine started at"
	p.Close()
	return n
}

// Others know this group, and may tell the goroutines of one another.
func known(s store) (n int) {
	p := house.NewKnown()
	for i := range 3 {
		p.Go(func() {
			m, _ := s.get(i)
			n += m
		})
	}
	p.Wait()
	return n
}
