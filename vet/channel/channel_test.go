package channel_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/channel"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", channel.Analyzer, "./vet/channel/testdata/src/wrong", "./vet/channel/testdata/src/silent", "./vet/channel/testdata/src/closed")
}
