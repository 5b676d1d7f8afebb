package escape_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/escape"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", escape.Analyzer,
		"./vet/escape/testdata/src/wrong", "./vet/escape/testdata/src/generics",
		"./vet/escape/testdata/src/silent", "./vet/escape/testdata/src/unfortunate")
}
