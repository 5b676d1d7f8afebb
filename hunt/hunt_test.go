package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// write makes files below dir.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// hunted runs the command in a folder of its own.
func hunted(t *testing.T, dir string, args ...string) (out, progress string, err error) {
	t.Helper()
	t.Chdir(dir)
	var o, e bytes.Buffer
	err = run(context.Background(), args, &o, &e)
	return o.String(), e.String(), err
}

// program builds fearless once for all tests of this package.
func program(t *testing.T) string {
	t.Helper()
	h := new(Hunt)
	remove, err := h.build(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return h.Fearless
}

const (
	goMod   = "module example.com/service\n\ngo 1.26\n"
	inverse = `package service

import "sync"

var a, b sync.Mutex

func One() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() }

func Two() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() }
`
	both = `package service

import (
	"sync"
	"testing"
)

func TestBoth(t *testing.T) {
	var wg sync.WaitGroup
	wg.Go(One)
	wg.Go(Two)
	wg.Wait()
}

func TestCount(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { mu.Lock(); n++; mu.Unlock() })
	}
	wg.Wait()
	if n != 2 {
		t.Fatal(n)
	}
}
`
)

// A list with a module that has a bug, one that does not build, one without
// go.mod and one that is not there: each has its state, and a second run begins
// none of them again.
func TestAListOfFoldersLong(t *testing.T) {
	long.Only(t, "several modules, each with every tool")
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"service/go.mod": goMod, "service/service.go": inverse, "service/service_test.go": both,
		"broken/go.mod": "module example.com/broken\n\ngo 1.26\n", "broken/broken.go": "package broken\n\nvar x int = \"\"\n",
		"bare/bare.go": "package bare\n",
		"list":         "# ours\n./service\n./broken\n./bare\n./nowhere\n",
	})
	args := []string{"-all", "-modules", "list", "-fearless", program(t), "-tools", "gotest,vet", "-results", "kept"}
	out, progress, err := hunted(t, dir, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, progress)
	}
	for _, want := range []string{"./service: gotest done, 0 findings; vet done, 1 findings", "./broken: gotest", "vet not built", "./bare: no module", "./nowhere: no module"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if out, _, err := hunted(t, dir, args...); out != "" || err != nil {
		t.Errorf("a second run tried again: %q, %v", out, err)
	}
	out, _, err = hunted(t, dir, "-report", "-results", "kept", "-verdicts", "none")
	if err != nil || !strings.Contains(out, "./service\tvet\tservice.go:9\tlockorder") || !strings.Contains(out, "| vet lockorder |") {
		t.Errorf("%v\n%s", err, out)
	}
	write(t, dir, map[string]string{"verdicts": "./service\tvet\tservice.go:9\tbug\tOne and Two take a and b in other orders\n"})
	if out, _, err = hunted(t, dir, "-report", "-results", "kept", "-verdicts", "verdicts"); err != nil || !strings.HasSuffix(out, "### Not judged\n\nnone\n") {
		t.Errorf("%v\n%s", err, out)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*.new"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The tools that run tests, on the same module: the deadlock is found, and the
// test that is right and small is proven.
func TestTestAndProveLong(t *testing.T) {
	long.Only(t, "it builds the standard library once more, for the race detector")
	dir := t.TempDir()
	write(t, dir, map[string]string{"service/go.mod": goMod, "service/service.go": inverse, "service/service_test.go": both})
	_, progress, err := hunted(t, dir, "-module", "./service", "-fearless", program(t), "-tools", "race,prove", "-results", "kept")
	if err != nil {
		t.Fatalf("%v\n%s", err, progress)
	}
	r, there, err := load("kept", Module{Path: "./service"})
	if err != nil || !there {
		t.Fatal(there, err)
	}
	race, prove := r.Runs[0], r.Runs[1]
	if len(race.Findings) != 1 || race.Findings[0].Where != "example.com/service.TestBoth" || race.Findings[0].Replay == "" || race.Verdicts["failed"] != 1 {
		t.Errorf("race: %+v", race)
	}
	if prove.Verdicts["proven"] != 1 || len(prove.Findings) != 0 {
		t.Errorf("prove: %+v", prove)
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"odd":                   "a\tb\n",
		"spaces":                "two words\n",
		"empty":                 "# nothing\n",
		"verdicts":              "m\tvet\tx.go:1\tperhaps\tbecause\n",
		"kept/x.json":           "{",
		"fine":                  "./x\n",
		"good/x_v1.json":        "{}",
		"x/go.mod":              "module x\n",
		"hunt/bugs/a/a_test.go": "package a\n",
	})
	for _, test := range []struct {
		args string
		want string
	}{
		{"", "say one of -module M, -all, -report, -reproduce and -known"},
		{"-all -report", "say one of"},
		{"-all x", `"x" is not understood`},
		{"-all -tools vet,lint", `there is no "lint", but gotest, vet`},
		{"-all -half 2", "-half is 0 or 1"},
		{"-all -limit 0s", "above 0"},
		{"-all -modules nowhere", "-modules FILE names another"},
		{"-all -modules odd", "odd:1: a line is module@version"},
		{"-all -modules spaces", "spaces:1: "},
		{"-all -modules empty", "names no module"},
		{"-module @v1", "is no module"},
		{"-all -modules fine -fearless ./none", "./none does not run"},
		{"-report -results nowhere", "there are no results in nowhere"},
		{"-report -results kept", "is no result of hunt"},
		{"-report -results good -verdicts verdicts", "verdicts:1: a verdict is"},
		{"-reproduce", "a reproducer says how it is run"},
	} {
		if _, _, err := hunted(t, dir, strings.Fields(test.args)...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("hunt %s: %v, want %q", test.args, err, test.want)
		}
	}
}

// A reproducer counts only while it fails with its words.
func TestReproduceLong(t *testing.T) {
	long.Only(t, "several modules are built for it")
	dir := t.TempDir()
	test := "package a\n\nimport \"testing\"\n\n// run: go test\n// shows: %s\nfunc TestX(t *testing.T) { t.Fatal(\"lost an update\") }\n"
	mod := "module a\n\ngo 1.26\n"
	write(t, dir, map[string]string{"hunt/bugs/a/go.mod": mod, "hunt/bugs/a/a_test.go": fmt.Sprintf(test, "lost an update")})
	if out, _, err := hunted(t, dir, "-reproduce"); err != nil || out != "a: shown (lost an update)\n" {
		t.Errorf("%q, %v", out, err)
	}
	write(t, dir, map[string]string{"hunt/bugs/a/a_test.go": fmt.Sprintf(test, "DATA RACE")})
	if _, _, err := hunted(t, dir, "-reproduce"); err == nil || !strings.Contains(err.Error(), "do not show their bug: a") {
		t.Error(err)
	}
}

// The list in this folder is what its comment says.
func TestTheListOfSixty(t *testing.T) {
	list, err := readModules("modules.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen, halves := map[string]bool{}, [2]int{}
	for _, m := range list {
		if seen[m.Path] || m.Kind == "" || !strings.HasPrefix(m.Version, "v") {
			t.Errorf("%+v", m)
		}
		seen[m.Path] = true
		halves[m.Half()]++
	}
	if len(list) != 60 || halves[0] < 20 || halves[1] < 20 {
		t.Errorf("%d modules, halves %v", len(list), halves)
	}
	if _, err := readVerdicts("verdicts.tsv"); err != nil {
		t.Error(err)
	}
}
