// Package vet is what Rust's compiler refuses, refused in Go: a set of
// analyzers for fearless and for plain Go concurrency.
//
// Each rule is an analyzer in a package of its own, whose documentation has
// wrong and right code. "fearless vet ./..." runs them all; Analyzers gives
// them to any other driver of golang.org/x/tools/go/analysis.
package vet

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/channel"
	"github.com/fearless-go/fearless/vet/copy"
	"github.com/fearless-go/fearless/vet/escape"
	"github.com/fearless-go/fearless/vet/guard"
	"github.com/fearless-go/fearless/vet/guardedby"
	"github.com/fearless-go/fearless/vet/held"
	"github.com/fearless-go/fearless/vet/internal/directive"
	"github.com/fearless-go/fearless/vet/internal/rule"
	"github.com/fearless-go/fearless/vet/join"
	"github.com/fearless-go/fearless/vet/leak"
	"github.com/fearless-go/fearless/vet/lockorder"
	"github.com/fearless-go/fearless/vet/moved"
	"github.com/fearless-go/fearless/vet/ordering"
	"github.com/fearless-go/fearless/vet/readonly"
	"github.com/fearless-go/fearless/vet/send"
	"github.com/fearless-go/fearless/vet/share"
	"github.com/fearless-go/fearless/vet/sync"
	"github.com/fearless-go/fearless/vet/waitloop"
)

// A Rule tells what one analyzer flags and which error of Rust's compiler
// it answers to.
type Rule = rule.Rule

// entry is one rule with its analyzer.
type entry struct {
	rule     Rule
	analyzer *analysis.Analyzer
}

// all is every rule, in the order in which they are listed.
func all() []entry {
	return []entry{
		{send.Rule, send.Analyzer},
		{sync.Rule, sync.Analyzer},
		{share.Rule, share.Analyzer},
		{guard.Rule, guard.Analyzer},
		{guardedby.Rule, guardedby.Analyzer},
		{escape.Rule, escape.Analyzer},
		{moved.Rule, moved.Analyzer},
		{readonly.Rule, readonly.Analyzer},
		{held.Rule, held.Analyzer},
		{lockorder.Rule, lockorder.Analyzer},
		{waitloop.Rule, waitloop.Analyzer},
		{ordering.Rule, ordering.Analyzer},
		{join.Rule, join.Analyzer},
		{leak.Rule, leak.Analyzer},
		{channel.Rule, channel.Analyzer},
		{copy.Rule, copy.Analyzer},
	}
}

// Rules returns what there is to know about every rule.
func Rules() []Rule {
	var rules []Rule
	for _, e := range all() {
		rules = append(rules, e.rule)
	}
	return rules
}

// Analyzers returns the analyzers of the named rules, or of all if names is
// empty. Their findings respect //fearless:ignore comments; a comment without
// a reason or without an effect is a finding of the last analyzer, "ignore".
// The error names a rule that does not exist.
func Analyzers(names ...string) ([]*analysis.Analyzer, error) {
	var known []string
	for _, e := range all() {
		known = append(known, e.rule.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown rule %q: use one of %s", name, strings.Join(known, ", "))
		}
	}
	var wrapped []*analysis.Analyzer
	for _, e := range all() {
		if len(names) == 0 || slices.Contains(names, e.rule.Name) {
			wrapped = append(wrapped, directive.Wrap(e.analyzer))
		}
	}
	return append(wrapped, directive.Checker(wrapped, known)), nil
}
