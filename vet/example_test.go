package vet_test

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/fearless-go/fearless/vet"
)

func ExampleRules() {
	for _, r := range vet.Rules()[:3] {
		fmt.Printf("%s: Rust says %s\n", r.Name, strings.Join(r.Rust, ", "))
	}
	// Output:
	// send: Rust says E0277 (the trait Send is not implemented)
	// sync: Rust says E0277 (the trait Sync is not implemented)
	// share: Rust says E0499, E0502, E0506, E0373
}

func ExampleRule_Explain() {
	for _, r := range vet.Rules() {
		if r.Name == "held" {
			wrong, _, _ := strings.Cut(r.Explain(), "Right:")
			_, wrong, _ = strings.Cut(wrong, "Wrong:\n")
			fmt.Println(strings.Contains(wrong, "Lock()"))
		}
	}
	// Output: true
}

// A program that applies two of the rules to the packages it is given.
func ExampleAnalyzers() {
	analyzers, err := vet.Analyzers("share", "held")
	if err != nil {
		panic(err)
	}
	for _, a := range analyzers {
		fmt.Println(a.Name)
	}
	_ = func() { multichecker.Main(analyzers...) }
	// Output:
	// share
	// held
	// ignore
}
