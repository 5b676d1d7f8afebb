package proven

import (
	"slices"
	"testing"
)

func TestMap(t *testing.T) {
	got := Map([]int{1, 2, 3}, 2, func(v int) int { return v * v })
	if !slices.Equal(got, []int{1, 4, 9}) {
		t.Errorf("got %v", got)
	}
}
