package goroutine_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

func TestFacts(t *testing.T) {
	analysistest.Run(t, "../../..", goroutine.Analyzer, "./vet/share/testdata/src/wrapper")
}
