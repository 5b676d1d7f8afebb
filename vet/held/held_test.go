package held_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/held"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", held.Analyzer,
		"./vet/held/testdata/src/wrong", "./vet/held/testdata/src/generics", "./vet/held/testdata/src/imports",
		"./vet/held/testdata/src/silent", "./vet/held/testdata/src/unfortunate")
}
