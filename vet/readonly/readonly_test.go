package readonly_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/readonly"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", readonly.Analyzer,
		"./vet/readonly/testdata/src/wrong", "./vet/readonly/testdata/src/generics",
		"./vet/readonly/testdata/src/silent", "./vet/readonly/testdata/src/unfortunate")
}
