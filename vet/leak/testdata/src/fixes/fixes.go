// Package fixes has channels that need room.
package fixes

import "time"

func one(f func() error) error {
	res := make(chan error)
	go func() { res <- f() }() // want "give it room for 1"
	select {
	case err := <-res:
		return err
	case <-time.After(time.Second):
		return nil
	}
}

func two(f, g func() int) int {
	c := make(chan int)
	go func() { c <- f() }() // want "give it room for 2"
	go func() { c <- g() }()
	return <-c
}
