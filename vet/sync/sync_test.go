package sync_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/sync"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", sync.Analyzer,
		"./vet/sync/testdata/src/plain", "./vet/sync/testdata/src/generics",
		"./vet/sync/testdata/src/silent", "./vet/sync/testdata/src/unfortunate")
}
