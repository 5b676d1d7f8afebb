package check

import (
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestOnlyTheRulesAskedForRun(t *testing.T) {
	needs := func(args ...string) map[string]bool {
		names := map[string]bool{}
		var visit func(a *analysis.Analyzer)
		visit = func(a *analysis.Analyzer) {
			if !names[a.Name] {
				names[a.Name] = true
				for _, r := range a.Requires {
					visit(r)
				}
			}
		}
		for _, a := range wanted(args) {
			visit(a)
		}
		return names
	}
	if got := needs("-json", "-held", "-ignore", "x/vet.cfg"); !got["held"] || !got["ignore"] || got["share"] || got["send"] {
		t.Errorf("-held -ignore: %v", got)
	}
	for _, args := range [][]string{{"x/vet.cfg"}, {"-json", "x/vet.cfg"}, {"-share=false", "x/vet.cfg"}, {"-flags"}} {
		if got := needs(args...); !got["share"] || !got["held"] {
			t.Errorf("%q: %v", args, got)
		}
	}
}
