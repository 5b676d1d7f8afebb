package park_test

import (
	"testing"

	"github.com/fearless-go/fearless/internal/park"
)

// A token there and one back: two waits and two wake-ups.
func BenchmarkPark(b *testing.B) {
	var there, back park.Parker
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range b.N {
			there.Wait()
			back.Unpark()
		}
	}()
	for range b.N {
		there.Unpark()
		back.Wait()
	}
	<-done
}
