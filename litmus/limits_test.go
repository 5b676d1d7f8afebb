package litmus

import (
	"errors"
	"strings"
	"testing"
)

// The clocks of the engine count no further than 65,535 events of a thread: without a
// limit of the caller's the engine's own holds.
func TestWithoutALimitOfEventsTheEnginesHolds(t *testing.T) {
	p, err := ParseC("endless.litmus", []byte("C endless\n{}\nP0(atomic_int* x) {\n  while (1) atomic_store_explicit(x, 1, memory_order_relaxed);\n}\nexists (x=1)\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(t.Context(), p, SC, Limits{})
	var limit *LimitError
	if !errors.As(err, &limit) || !strings.Contains(err.Error(), "more than 60000 events") {
		t.Error(err)
	}
	for given, want := range map[int]int{0: 60_000, 5: 5, 70_000: 60_000} {
		if n := (Limits{Events: given}).events(); n != want {
			t.Errorf("a limit of %d is %d, want %d", given, n, want)
		}
	}
}
