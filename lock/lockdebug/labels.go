package lockdebug

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Labels are the pprof labels of a goroutine at the moment when it locked or began to
// wait.
type Labels map[string]string

// String returns them as {key: value, …}, in the order of their keys, with values of
// more than 40 letters cut.
func (l Labels) String() string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(l)) {
		value := []rune(l[key])
		if len(value) > 40 {
			value = append(value[:39:39], '…')
		}
		pairs = append(pairs, fmt.Sprintf("%s: %s", key, string(value)))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
