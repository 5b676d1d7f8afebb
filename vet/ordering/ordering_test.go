package ordering_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/ordering"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", ordering.Analyzer,
		"./vet/ordering/testdata/src/wrong", "./vet/ordering/testdata/src/generics",
		"./vet/ordering/testdata/src/silent", "./vet/ordering/testdata/src/unfortunate")
}
