package copy_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/copy"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", copy.Analyzer, "./vet/copy/testdata/src/wrong", "./vet/copy/testdata/src/silent")
}
