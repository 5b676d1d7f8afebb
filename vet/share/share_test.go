package share_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/share"
)

func Test(t *testing.T) {
	const src = "./vet/share/testdata/src/"
	analysistest.Run(t, "../..", share.Analyzer,
		src+"plain", src+"channels", src+"parts", src+"aliases", src+"generics", src+"habits", src+"imports", src+"wrappers", src+"silent", src+"unfortunate", src+"closed", src+"received", src+"around", src+"house", src+"houses", src+"stub", src+"latch")
}
