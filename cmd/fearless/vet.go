package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/vet"
	"github.com/fearless-go/fearless/vet/check"
)

func vetCommand() command {
	return command{
		name:    "vet",
		args:    "[flags] [packages]",
		summary: "report what Rust's compiler would refuse: data races, misused locks, values that must not be sent",
		run:     runVet,
	}
}

// vetFlags are what the user asked of "fearless vet".
type vetFlags struct {
	rules, tags, explain, confidence    string
	sarif, baseline, writeBaseline, dir string
	fix, json, list, tests              bool
}

func runVet(ctx context.Context, args []string, std stdio) error {
	var f vetFlags
	flags := flag.NewFlagSet("vet", flag.ContinueOnError)
	flags.StringVar(&f.dir, "C", "", "check the packages as seen from `folder`")
	flags.StringVar(&f.rules, "rules", "", "apply only these `rules`, separated by commas")
	flags.StringVar(&f.confidence, "confidence", "may", "report findings of this `confidence`: must (every path and object is known), or may (these, and what assumes something)")
	flags.StringVar(&f.tags, "tags", "", "build `tags`, separated by commas")
	flags.BoolVar(&f.tests, "tests", true, "report findings in files of tests, too")
	flags.StringVar(&f.explain, "explain", "", "explain a `rule`, with wrong and right code, and exit")
	flags.BoolVar(&f.list, "list", false, "list the rules and exit")
	flags.BoolVar(&f.fix, "fix", false, "apply the suggested fixes; what is left is reported")
	flags.BoolVar(&f.json, "json", false, "print the findings as a JSON array")
	flags.StringVar(&f.sarif, "sarif", "", "also write the findings to `file`, as SARIF 2.1.0")
	flags.StringVar(&f.baseline, "baseline", "", "report only findings that `file` does not accept")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "accept today's findings: write them to `file`, for -baseline")
	patterns, err := parse(flags, "[flags] [packages]", args, std)
	if err != nil {
		return err
	}
	if f.confidence != string(check.Must) && f.confidence != string(check.May) {
		return usagef("vet: -confidence %s: use must or may", f.confidence)
	}
	switch {
	case f.list:
		return listRules(std.out)
	case f.explain != "":
		return explainRule(std.out, f.explain)
	}
	return checkPackages(ctx, f, patterns, std)
}

func listRules(w io.Writer) error {
	for _, r := range vet.Rules() {
		fmt.Fprintf(w, "%-10s %s\n", r.Name, r.Summary)
	}
	return nil
}

func explainRule(w io.Writer, name string) error {
	var known []string
	for _, r := range vet.Rules() {
		if r.Name == name {
			fmt.Fprint(w, r.Explain())
			return nil
		}
		known = append(known, r.Name)
	}
	return usagef("vet: -explain %s: no such rule: use one of %s", name, strings.Join(known, ", "))
}

func checkPackages(ctx context.Context, f vetFlags, patterns []string, std stdio) error {
	opts := check.Options{Dir: f.dir, Patterns: patterns, Tags: f.tags, NoTests: !f.tests}
	if f.rules != "" {
		for name := range strings.SplitSeq(f.rules, ",") {
			opts.Rules = append(opts.Rules, strings.TrimSpace(name))
		}
	}
	var baseline check.Baseline
	if f.baseline != "" {
		var err error
		if baseline, err = check.ReadBaseline(f.baseline); err != nil {
			return usagef("vet: %w", err)
		}
	}
	bar := newProgress(std.err, 100*time.Millisecond, "vet: begins")
	if bar.file != nil {
		opts.Progress = func(now check.Progress) {
			bar.show(func(width int) string { return vetProgress(now, width) })
		}
	}
	findings, runErr := check.Run(ctx, opts)
	bar.finish()
	if f.confidence == string(check.Must) {
		findings = slices.DeleteFunc(findings, func(f check.Finding) bool { return f.Confidence != check.Must })
	}
	var partial *check.Error
	interrupted := ctx.Err() != nil
	if runErr != nil && !interrupted && !errors.As(runErr, &partial) {
		return usagef("vet: %w", runErr)
	}
	if f.writeBaseline != "" && runErr == nil {
		if err := check.NewBaseline(findings).Write(f.writeBaseline); err != nil {
			return usagef("vet: cannot write the baseline: %w", err)
		}
		fmt.Fprintf(std.err, "%s accepts %d findings; check with -baseline %[1]s from now on\n", f.writeBaseline, len(findings))
		return nil
	}
	findings = baseline.New(findings)
	if f.fix && !interrupted {
		left, err := check.ApplyFixes(f.dir, findings)
		if err != nil {
			return usagef("vet: %w", err)
		}
		if n := len(findings) - len(left); n > 0 {
			fmt.Fprintf(std.err, "fixed %d of %d findings; run again to check the result\n", n, len(findings))
		}
		findings = left
	}
	if err := report(f, findings, std); err != nil {
		return usagef("vet: %w", err)
	}
	switch {
	case interrupted:
		return usagef("vet: interrupted: told are the findings of the packages that were done, %d; run again for the rest, which the go command's cache makes quick", len(findings))
	case runErr != nil:
		return usagef("vet: %w", runErr)
	case slices.ContainsFunc(findings, func(f check.Finding) bool { return !f.Note }):
		return errReported
	}
	return nil
}

// vetProgress says where vet is, in at most width columns.
func vetProgress(now check.Progress, width int) string {
	if now.Package == "" && now.Done == 0 {
		return clip("vet: compile the packages", width)
	}
	line := fmt.Sprintf("vet %d packages", now.Done)
	if now.Of > 0 {
		line = fmt.Sprintf("vet %d/%d packages", min(now.Done, now.Of), now.Of)
	}
	if now.Read > 0 {
		line += fmt.Sprintf(", %d imports", now.Read)
	}
	return clip(line+": "+now.Package, width)
}

func report(f vetFlags, findings []check.Finding, std stdio) error {
	if f.sarif != "" {
		file, err := os.Create(f.sarif)
		if err != nil {
			return fmt.Errorf("-sarif: %w", err)
		}
		err = check.WriteSARIF(file, findings)
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("-sarif %s: %w", f.sarif, err)
		}
	}
	if f.json {
		if findings == nil {
			findings = []check.Finding{}
		}
		enc := json.NewEncoder(std.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "\t")
		return enc.Encode(findings)
	}
	return check.Print(std.out, findings)
}
