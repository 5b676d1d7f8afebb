package share_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/share"
)

// All packages are checked in one run, since most of the time goes into the parts of
// the standard library that they import.
func Test(t *testing.T) {
	const src = "./vet/share/testdata/src/"
	analysistest.Run(t, "../..", share.Analyzer,
		src+"plain", src+"channels", src+"parts", src+"aliases", src+"generics", src+"habits", src+"imports", src+"wrappers", src+"silent", src+"unfortunate", src+"closed", src+"received", src+"around", src+"house", src+"houses", src+"stub", src+"latch", src+"latch/lent",
		src+"atonce",  // handlers and methods that run at once
		src+"methods", // methods of a type that locks
		src+"values",  // what values keep apart
		src+"told")    // unknown calls that cannot matter
}
