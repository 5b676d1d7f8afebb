package cluster

import "testing"

// What all workers give together is what those that wait can eat, or a little more.
func TestWorkersFeedThoseThatWaitTogether(t *testing.T) {
	for _, test := range []struct{ waiting, pending, working, least, most int }{
		{0, 0, 10, 0, 0}, {5, 5, 10, 0, 0}, {3, 7, 10, 0, 0},
		{4, 0, 10, 4, 4}, {10, 0, 10, 10, 10}, {15, 0, 10, 15, 20}, {9, 0, 1, mostFed, mostFed}, {1000, 0, 10, 10 * mostFed, 10 * mostFed}, {2, 0, 0, 2, 2},
	} {
		h := hunger{Waiting: test.waiting, Pending: uint64(test.pending), Working: test.working}
		sum := 0
		for i := range max(test.working, 1) {
			sum += h.portion(func(int) int { return i }) // each number once: the sum is what is to be expected
		}
		if sum < test.least || sum > test.most {
			t.Errorf("%+v: %d are fed", test, sum)
		}
	}
}
