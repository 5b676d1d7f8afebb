package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// A Judgement is what a person found out about a finding.
type Judgement string

// The judgements.
const (
	Bug         Judgement = "bug"         // true, with a reproducer or a proof in words
	Harmless    Judgement = "harmless"    // true as the message says it, on purpose or without effect
	Flaky       Judgement = "flaky"       // true, and a fault of the test alone
	False       Judgement = "false"       // not true
	Environment Judgement = "environment" // fails without us, or wants what this machine does not have
	Unjudged    Judgement = "unjudged"
)

var judgements = []Judgement{Bug, Harmless, Flaky, False, Environment, Unjudged}

// A verdict is a line of the file of verdicts: module@version, tool, where,
// judgement and a reason between tabs. Where may end in * for all that begins so.
type verdict struct {
	module, tool, where string
	judgement           Judgement
	why                 string
}

func (v verdict) covers(m Module, f Finding) bool {
	if v.module != m.String() || v.tool != f.Tool {
		return false
	}
	if prefix, ok := strings.CutSuffix(v.where, "*"); ok {
		return strings.HasPrefix(f.Where, prefix)
	}
	return v.where == f.Where
}

// readVerdicts reads name. No file is no verdict.
func readVerdicts(name string) ([]verdict, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []verdict
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, "\t")
		if len(f) != 5 || f[4] == "" || !slices.Contains(judgements, Judgement(f[3])) {
			return nil, fmt.Errorf("%s:%d: a verdict is module@version, tool, where, judgement and reason between tabs; a judgement is one of %v", name, n, judgements)
		}
		all = append(all, verdict{f[0], f[1], f[2], Judgement(f[3]), f[4]})
	}
	return all, lines.Err()
}

// judge returns the first verdict that covers f.
func judge(all []verdict, m Module, f Finding) (Judgement, string) {
	for _, v := range all {
		if v.covers(m, f) {
			return v.judgement, v.why
		}
	}
	return Unjudged, ""
}
