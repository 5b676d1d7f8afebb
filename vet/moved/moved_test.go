package moved_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/moved"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", moved.Analyzer,
		"./vet/moved/testdata/src/wrong", "./vet/moved/testdata/src/generics",
		"./vet/moved/testdata/src/silent", "./vet/moved/testdata/src/unfortunate")
}
