package guardedby_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/guardedby"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", guardedby.Analyzer,
		"./vet/guardedby/testdata/src/wrong", "./vet/guardedby/testdata/src/silent", "./vet/guardedby/testdata/src/bad")
}
