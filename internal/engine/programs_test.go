package engine

import (
	"fmt"
	"os"
	"testing"
)

// programs returns which random programs a test tries: from the one of seed first on,
// n of them, or short with -short, unless the variable says others: "first,count".
func programs(t *testing.T, variable string, n, short int) (first uint64, count int) {
	t.Helper()
	first, count = 1, n
	if testing.Short() {
		count = short
	}
	if text := os.Getenv(variable); text != "" {
		if _, err := fmt.Sscanf(text, "%d,%d", &first, &count); err != nil || count < 1 {
			t.Fatalf("%s=%s: want the first and how many, as in 1,2000", variable, text)
		}
	}
	return first, count
}
