package golangci_test

import (
	"fmt"

	"github.com/fearless-go/fearless/vet/golangci"
)

// The settings of .golangci.yml:
//
//	linters:
//	  settings:
//	    custom:
//	      fearless:
//	        type: module
//	        settings:
//	          rules: [share, guard]
func ExampleNew() {
	plugin, err := golangci.New(map[string]any{"rules": []string{"share", "guard"}})
	if err != nil {
		panic(err)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil {
		panic(err)
	}
	for _, a := range analyzers {
		fmt.Println(a.Name)
	}
	// Output:
	// share
	// guard
	// ignore
}
