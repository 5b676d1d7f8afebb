package litmus

import (
	"fmt"
	"strings"
	"testing"
)

// A plain load in a round that is not the last may race, whatever comes behind the loop.
func TestLoopsThatWaitRace(t *testing.T) {
	const (
		first = "*d = 1; atomic_store_explicit(x, 1, memory_order_release);"
		later = "int t; atomic_store_explicit(x, 1, memory_order_release); t = atomic_load_explicit(z, memory_order_ORDER); if (t == 1) { *d = 1; }"
		load  = "atomic_load_explicit(x, memory_order_acquire)"
	)
	for i, test := range []struct {
		loop, behind, beside string
		races                bool
	}{
		{"do { s = " + load + "; r = *d; } while (s == 0);", "", first, true},
		{"while (" + load + " == 0 && *d >= 0);", "", first, true},
		{"while (" + load + " == 0) { r = *d; }", "", first, true},
		{"while (" + load + " == 0 && *d >= 0);", "relaxed", later, true},
		{"while (" + load + " == 0 && *d >= 0) { }", "acquire", later, false},
		{"while (" + load + " == 0) { r = *d; }", "relaxed", later, true},
		{"while (" + load + " == 0) { r = *d; }", "acquire", later, false},
		{"while (*d >= 0 && atomic_exchange_explicit(x, 1, memory_order_acquire) == 0);", "", "*d = 1; atomic_store_explicit(x, 1, memory_order_release);", true},
	} {
		behind, beside := "", test.beside
		if test.behind != "" {
			store := map[string]string{"relaxed": "relaxed", "acquire": "release"}[test.behind]
			behind = fmt.Sprintf("atomic_store_explicit(z, 1, memory_order_%s);", store)
			beside = strings.ReplaceAll(beside, "ORDER", test.behind)
		}
		text := fmt.Sprintf("C t%d\n{}\nP0(atomic_int* x, atomic_int* z, int* d) { int r; int s; %s %s }\nP1(atomic_int* x, atomic_int* z, int* d) { %s }\nexists (x=1)\n",
			i, test.loop, behind, beside)
		p, err := ParseC("t.litmus", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, memory := range []Memory{RC11, SC} {
			res, err := Run(t.Context(), p, memory, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if res.Races > 0 != test.races && (memory == RC11 || test.behind == "") {
				t.Errorf("%s %s under %v: %d of %d executions race, want a race: %v", test.loop, test.behind, memory, res.Races, res.Executions, test.races)
			}
		}
	}
}
