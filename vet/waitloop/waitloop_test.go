package waitloop_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/waitloop"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, "../..", waitloop.Analyzer,
		"./vet/waitloop/testdata/src/wrong", "./vet/waitloop/testdata/src/generics",
		"./vet/waitloop/testdata/src/silent", "./vet/waitloop/testdata/src/unfortunate")
}
