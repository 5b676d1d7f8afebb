//go:build fearless_model

package atomic_test

import (
	"testing"

	"github.com/fearless-go/fearless/model"
)

// In the model an operation is an event of the engine, which computes the value
// itself: the tests of every operation hold there, too. One execution is enough, for
// there is one thread; a bound, because each round of these tests is several events.
func inModel(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	r := model.Explore(func() { f(t) }, model.MaxExecutions(1), model.Bound(60_000))
	if r.Failure != nil || r.Executions != 1 {
		t.Fatal(r)
	}
}

func TestIntegerOperationsInTheModel(t *testing.T) {
	forEachInteger(t, func(t *testing.T, test integerTest) { inModel(t, test.operations) })
}

func TestBoolOperationsInTheModel(t *testing.T) { inModel(t, testBoolOperations) }
