package guard_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/guard"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, "../..", guard.Analyzer,
		"./vet/guard/testdata/src/plain", "./vet/guard/testdata/src/guards", "./vet/guard/testdata/src/generics", "./vet/guard/testdata/src/imports",
		"./vet/guard/testdata/src/silent", "./vet/guard/testdata/src/elsewhere", "./vet/guard/testdata/src/given", "./vet/guard/testdata/src/unfortunate")
}

func TestForgottenBesideWrappers(t *testing.T) {
	analysistest.Run(t, "../..", guard.Analyzer, "./vet/guard/testdata/src/forgotten")
}
