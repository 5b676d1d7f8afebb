package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/vet/check"
)

// A label is a function of which it is known whether it has a race.
type label struct {
	name     string
	file     string
	from, to int // lines
	race     bool
}

// readLabels reads the functions TestRace* and TestNoRace* of the test files
// in dir, and lists these files.
func readLabels(dir string) ([]label, []string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the labelled code: %w", err)
	}
	var labels []label
	var files []string
	fset := token.NewFileSet()
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		files = append(files, e.Name())
		f, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil {
				continue
			}
			race := strings.HasPrefix(fn.Name.Name, "TestRace")
			if race || strings.HasPrefix(fn.Name.Name, "TestNoRace") {
				labels = append(labels, label{fn.Name.Name, e.Name(), fset.Position(fn.Pos()).Line, fset.Position(fn.End()).Line, race})
			}
		}
	}
	if len(labels) == 0 {
		return nil, nil, fmt.Errorf("%s has no functions TestRace* or TestNoRace* in files *_test.go", dir)
	}
	return labels, files, nil
}

// names are functions.
type names struct{ found, flagged map[string]bool }

// A score tells what was found and what was flagged wrongly.
type score struct {
	races, clean  int
	all           names
	byRule        map[string]names
	missed, wrong []label
	flaggedBy     map[string][]string
}

// judge holds findings against labels. A finding is about the function in
// which it stands or in which one of its related places stands: a race in a
// function that several tests call is about those that start goroutines there.
func judge(labels []label, findings []check.Finding) *score {
	s := &score{byRule: map[string]names{}, all: newNames(), flaggedBy: map[string][]string{}}
	for _, f := range findings {
		if _, ok := s.byRule[f.Rule]; !ok {
			s.byRule[f.Rule] = newNames()
		}
		places := []check.Position{f.Position}
		for _, r := range f.Related {
			places = append(places, r.Position)
		}
		for _, l := range labels {
			if !slices.ContainsFunc(places, l.contains) {
				continue
			}
			for _, n := range []names{s.all, s.byRule[f.Rule]} {
				if l.race {
					n.found[l.name] = true
				} else {
					n.flagged[l.name] = true
				}
			}
			if !slices.Contains(s.flaggedBy[l.name], f.Rule) {
				s.flaggedBy[l.name] = append(s.flaggedBy[l.name], f.Rule)
			}
		}
	}
	for _, l := range labels {
		switch {
		case l.race:
			s.races++
			if !s.all.found[l.name] {
				s.missed = append(s.missed, l)
			}
		default:
			s.clean++
			if s.all.flagged[l.name] {
				s.wrong = append(s.wrong, l)
			}
		}
	}
	return s
}

func newNames() names { return names{map[string]bool{}, map[string]bool{}} }

func (l label) contains(p check.Position) bool {
	return filepath.Base(p.File) == l.file && l.from <= p.Line && p.Line <= l.to
}

func (s *score) rules() []string { return slices.Sorted(maps.Keys(s.byRule)) }
