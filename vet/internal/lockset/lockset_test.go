package lockset_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// The facts are what other packages learn of a function.
func TestFacts(t *testing.T) {
	analysistest.Run(t, "../../..", lockset.Analyzer, "./vet/internal/lockset/testdata/src/facts")
}
