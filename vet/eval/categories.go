package main

import "slices"

// A category is a kind of reasoning that the rules do not do, with the races
// among Go's own that need it. It only explains misses; no rule knows of it.
type category struct {
	reasoning string
	names     []string // none: every name that no other category has
}

var categories = []category{
	{"what a pool gives out again is what was put in (the life of an object)", []string{"TestRacePool"}},
	{"a file that is read orders nothing (any input or output is taken for synchronisation, since it may be)", []string{"TestRaceIssue5567", "TestRaceIssue51618"}},
	{"the WaitGroup is used again before all that wait have returned (phases of a group)", []string{"TestRaceWaitGroupReuse"}},
	{"which of the two wake-ups of one channel is which (values of messages)", []string{"TestRaceChanReadWriteAsync", "TestRaceChanReadWriteSync"}},
	{"the state of a range-over-func loop, which the compiler keeps in hidden variables", []string{"TestRaceRangeFuncIterator"}},
	{"a loop's reads that no instruction uses, the room behind a slice's length", []string{"TestRaceSliceRangeWrite", "TestRaceSliceAppend", "TestRacePointerSliceAppend"}},
	{"a buffer that is filled again by a method of another package while its receiver reads", []string{"TestRaceIssue5654"}},
	{"not looked into", nil},
}

func (c category) holds(name string) bool {
	if c.names != nil {
		return slices.Contains(c.names, name)
	}
	for _, other := range categories {
		if slices.Contains(other.names, name) {
			return false
		}
	}
	return true
}
