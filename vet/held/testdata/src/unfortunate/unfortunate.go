// Package unfortunate has a mutex that is there to be held on purpose,
// which the rule cannot know, and a wait that the rule does not see.
package unfortunate

import (
	"sync"
	"time"
)

var oneAtATime sync.Mutex

func throttle() {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	time.Sleep(time.Second) // want `oneAtATime is locked since unfortunate.go:13 and still held during a sleep`
}

type reader interface{ next() int }

// What an interface's method waits for is known only for types of this package.
func sum(r reader, n int) (s int) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	for range n {
		s += r.next()
	}
	return s
}
