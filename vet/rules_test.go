package vet

import (
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/internal/long"
)

var onlyRule = flag.String("rule", "", "test only the rule of this name")

// TestRules holds the rules against the packages below their testdata/src: what a
// "want" comment says is reported, and nothing else; a golden file beside a source
// has it mended.
//
// All rules are tested in one run, since much of the time goes into the parts of
// the standard library that the packages import: they are read, and what the rules
// share is worked out for them, once instead of sixteen times. What takes longest is
// TestRulesLong's. With -short, which goes with -race in CI, it is share alone, the
// largest: rules share no state but tables that nobody writes to.
func TestRules(t *testing.T) {
	testRules(t, func(rule, folder string) bool {
		if *onlyRule != "" {
			return rule == *onlyRule
		}
		return (rule == "share") == testing.Short() && !importsNetwork(t, folder)
	})
}

func TestRulesLong(t *testing.T) {
	long.Only(t, "share runs programs in all orders, and net/http and what it imports are read from source")
	testRules(t, func(rule, folder string) bool { return rule == "share" || importsNetwork(t, folder) })
}

// testRules tests the rules with those of their packages that are asked for.
func testRules(t *testing.T, asked func(rule, folder string) bool) {
	var rules []*analysis.Analyzer
	var packages []string
	for _, e := range all() {
		folders, err := filepath.Glob(filepath.Join(e.rule.Name, "testdata", "src", "*"))
		if err != nil || len(folders) == 0 {
			t.Errorf("rule %s has no packages to be tested with (%v)", e.rule.Name, err)
		}
		before := len(packages)
		for _, folder := range folders {
			// What is called wrapper is imported, and tested where its facts come from.
			if filepath.Base(folder) != "wrapper" && asked(e.rule.Name, folder) {
				packages = append(packages, "./vet/"+filepath.ToSlash(folder))
			}
		}
		if len(packages) > before {
			rules = append(rules, e.analyzer)
		}
	}
	if len(rules) == 0 {
		t.Fatalf("-rule %s: there is no such rule", *onlyRule)
	}
	analysistest.RunWithSuggestedFixes(t, "..", together(rules), packages...)
}

// importsNetwork reports whether a file of the folder imports package net or one below it.
func importsNetwork(t *testing.T, folder string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); path == "net" || strings.HasPrefix(path, "net/") {
				return true
			}
		}
	}
	return false
}

// together returns one analyzer that runs each rule over the packages that it is to be
// tested with. A rule with facts runs over all that these import as well, but never
// over what another rule is tested with, where its facts would want comments.
func together(rules []*analysis.Analyzer) *analysis.Analyzer {
	all := &analysis.Analyzer{Name: "rules", Doc: "runs every rule over its own test data"}
	for _, rule := range rules {
		all.FactTypes = append(all.FactTypes, rule.FactTypes...)
		for _, needed := range rule.Requires {
			if !slices.Contains(all.Requires, needed) {
				all.Requires = append(all.Requires, needed)
			}
		}
	}
	all.Run = func(pass *analysis.Pass) (any, error) {
		var errs []error
		for _, rule := range rules {
			own := strings.Contains(pass.Pkg.Path(), "/vet/"+rule.Name+"/testdata/")
			if !own && (len(rule.FactTypes) == 0 || strings.Contains(pass.Pkg.Path(), "/testdata/")) {
				continue
			}
			ruled := *pass
			ruled.Analyzer = rule
			ruled.Report = func(d analysis.Diagnostic) {
				if own {
					pass.Report(withGoldenFixes(pass, d))
				}
			}
			_, err := rule.Run(&ruled)
			errs = append(errs, err)
		}
		return nil, errors.Join(errs...)
	}
	return all
}

// withGoldenFixes returns d with its fixes if a golden file says what they come to.
func withGoldenFixes(pass *analysis.Pass, d analysis.Diagnostic) analysis.Diagnostic {
	if _, err := os.Stat(pass.Fset.File(d.Pos).Name() + ".golden"); err != nil {
		d.SuggestedFixes = nil
	}
	return d
}
