package send_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/send"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", send.Analyzer,
		"./vet/send/testdata/src/plain", "./vet/send/testdata/src/generics", "./vet/send/testdata/src/imports",
		"./vet/send/testdata/src/silent", "./vet/send/testdata/src/unfortunate")
}
