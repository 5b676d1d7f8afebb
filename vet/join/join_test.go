package join_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/join"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", join.Analyzer,
		"./vet/join/testdata/src/wrong", "./vet/join/testdata/src/generics",
		"./vet/join/testdata/src/silent", "./vet/join/testdata/src/unfortunate")
}
