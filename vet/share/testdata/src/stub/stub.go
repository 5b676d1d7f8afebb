// Package stub calls what it has with nothing in it, as a program that is yet
// to be finished does.
package stub

type store interface{ save(n int) error }

type svc struct{ db store }

func (s *svc) update(n int) (err error) {
	if n < 0 {
		return nil
	}
	go func() {
		err = s.db.save(n)
	}()
	return nil // want "`err` is written here and also by the goroutine started at"
}

func (s *svc) updateRight(n int) (err error) {
	done := make(chan error, 1)
	go func() { done <- s.db.save(n) }()
	return <-done
}

func run() {
	_ = (&svc{}).update(1)
	_ = (&svc{}).updateRight(1)
}
