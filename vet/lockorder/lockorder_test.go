package lockorder_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/lockorder"
)

func Test(t *testing.T) {
	analysistest.Run(t, "../..", lockorder.Analyzer,
		"./vet/lockorder/testdata/src/orders", "./vet/lockorder/testdata/src/imports", "./vet/lockorder/testdata/src/generics",
		"./vet/lockorder/testdata/src/silent", "./vet/lockorder/testdata/src/prints", "./vet/lockorder/testdata/src/unfortunate")
}
