package counters

import (
	"testing"

	"github.com/alitto/pond/v2"
)

// Wait of a task returns before the pool has counted it: who waits for a task
// and then asks for the completed ones may be told one too few.
//
// Mend: count before the task is said to be done.
//
// run: go test -count=1
// shows: 0 tasks are completed after Wait
func TestCountersAfterWait(t *testing.T) {
	for range 200_000 {
		pool := pond.NewPool(1)
		if err := pool.Submit(func() {}).Wait(); err != nil {
			t.Fatal(err)
		}
		if n := pool.CompletedTasks(); n != 1 {
			t.Fatalf("%d tasks are completed after Wait", n)
		}
		pool.StopAndWait()
	}
}
