package vet_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet"
)

func TestAnalyzersAreValid(t *testing.T) {
	all, err := vet.Analyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(vet.Rules())+1 {
		t.Errorf("%d analyzers for %d rules and the check of the directives", len(all), len(vet.Rules()))
	}
}

func TestAnalyzersRefusesAnUnknownRule(t *testing.T) {
	if _, err := vet.Analyzers("no-such-rule"); err == nil {
		t.Error("no error")
	}
}
