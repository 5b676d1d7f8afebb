package leak_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/leak"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", leak.Analyzer, "./vet/leak/testdata/src/wrong", "./vet/leak/testdata/src/silent", "./vet/leak/testdata/src/closed", "./vet/leak/testdata/src/ended", "./vet/leak/testdata/src/outlives")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, "../..", leak.Analyzer, "./vet/leak/testdata/src/fixes")
}
