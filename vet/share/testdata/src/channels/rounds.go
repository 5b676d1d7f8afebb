package channels

import (
	"errors"
	"sync"
	"time"
)

// A tally counts under a lock, and is read without one when all have answered.
type tally struct {
	mu sync.Mutex
	n  int
}

func (t *tally) add(f func() error) error {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
	return f()
}

var errLate = errors.New("late")

// Each round of the loop receives, or the function ends.
func eachRoundReceives(f func() error, late <-chan time.Time) (int, error) {
	t, res := &tally{}, make(chan error)
	for range 5 {
		go func() { res <- t.add(f) }()
	}
	for i := 0; i < 5; i++ {
		select {
		case err := <-res:
			if err != nil {
				return 0, err
			}
		case <-late:
			return 0, errLate
		}
	}
	return t.n, nil
}

func eachRoundReceivesRange(f func() error, late <-chan time.Time) (int, error) {
	t, res := &tally{}, make(chan error)
	for range 3 {
		go func() { res <- t.add(f) }()
	}
	for range 3 {
		select {
		case <-late:
			return 0, errLate
		case <-res:
		}
	}
	return t.n, nil
}

func eachRoundReceivesNow(f func() error) int {
	t, res := &tally{}, make(chan error, 4)
	for range 4 {
		go func() { res <- t.add(f) }()
	}
	time.Sleep(time.Second)
	for i := 0; i < 4; i++ {
		select {
		case <-res:
		default:
			panic("late")
		}
	}
	return t.n
}

type tallyOfFewer struct{ tally }

func (t *tallyOfFewer) add() error {
	t.mu.Lock()
	t.n++ // want "`t.(tally.)?n` is written here, by the goroutine started at rounds.go:[0-9]+, and read at rounds.go:[0-9]+; nothing orders the two"
	t.mu.Unlock()
	return nil
}

// One answer is missing.
func fewerRounds() (int, error) {
	t, res := &tallyOfFewer{}, make(chan error, 5)
	for range 5 {
		go func() { res <- t.add() }()
	}
	for i := 0; i < 4; i++ {
		select {
		case <-res:
		case <-time.After(time.Second):
			return 0, errLate
		}
	}
	return t.n, nil
}

type tallyOfLate struct{ tally }

func (t *tallyOfLate) add() error {
	t.mu.Lock()
	t.n++ // want "`t.(tally.)?n` is written here, by the goroutine started at rounds.go:[0-9]+, and read at rounds.go:[0-9]+; nothing orders the two"
	t.mu.Unlock()
	return nil
}

// A round that is late is one without an answer.
func roundsThatAreLate() int {
	t, res := &tallyOfLate{}, make(chan error, 5)
	for range 5 {
		go func() { res <- t.add() }()
	}
	for i := 0; i < 5; i++ {
		select {
		case <-res:
		case <-time.After(time.Second):
		}
	}
	return t.n
}

type tallyOfBroken struct{ tally }

func (t *tallyOfBroken) add() error {
	t.mu.Lock()
	t.n++ // want "`t.(tally.)?n` is written here, by the goroutine started at rounds.go:[0-9]+, and read at rounds.go:[0-9]+; nothing orders the two"
	t.mu.Unlock()
	return nil
}

// Who is late breaks off the loop, and reads.
func roundsThatBreakOff() int {
	t, res := &tallyOfBroken{}, make(chan error, 5)
	for range 5 {
		go func() { res <- t.add() }()
	}
loop:
	for i := 0; i < 5; i++ {
		select {
		case <-res:
		case <-time.After(time.Second):
			break loop
		}
	}
	return t.n
}
