package share_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/share"
)

func TestHandlersAndMethodsAtOnce(t *testing.T) {
	analysistest.Run(t, "../..", share.Analyzer, "./vet/share/testdata/src/atonce")
}

func TestMethodsOfATypeThatLocks(t *testing.T) {
	analysistest.Run(t, "../..", share.Analyzer, "./vet/share/testdata/src/methods")
}

func TestWhatValuesKeepApart(t *testing.T) {
	analysistest.Run(t, "../..", share.Analyzer, "./vet/share/testdata/src/values")
}
