package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// modelResults runs with -json and returns what it prints.
func modelResults(t *testing.T, want int, args ...string) []modelLine {
	t.Helper()
	code, out, errw := modelRun(t, append([]string{"-json"}, args...)...)
	var list []modelLine
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != want {
		t.Fatalf("status %d, want %d; %v\n%s%s", code, want, err, out, errw)
	}
	return list
}

func TestModelJSONLong(t *testing.T) {
	long.Only(t, "a module is built with the model")
	dir := modelProgram(t)
	list := modelResults(t, exitFailure, "-C", dir)
	if len(list) != 2 || list[0].Test != "TestRight" || list[0].Executions != 2 || !list[0].Exhaustive || list[0].Failure != "" || list[0].Over != 1 {
		t.Fatalf("%+v", list)
	}
	wrong := list[1]
	if wrong.Package != "example.com/user" || wrong.Kind != "data race" || wrong.Replay == "" || !json.Valid(wrong.Trace) {
		t.Errorf("%+v", wrong)
	}
	// Under sequential consistency the store publishes.
	for _, l := range modelResults(t, exitOK, "-C", dir, "-memory", "sc") {
		if l.Failure != "" {
			t.Errorf("%+v", l)
		}
	}
}

func TestModelShardsAndCheckpointsLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	dir := modelProgram(t)
	n := 0
	for _, shard := range []string{"1/2", "2/2"} {
		n += modelResults(t, exitOK, "-C", dir, "-run", "Right", "-shard", shard)[0].Executions
	}
	if n != 2 {
		t.Errorf("%d executions in two shards, want 2", n)
	}
	left := filepath.Join(dir, "left")
	code, out, errw := modelRun(t, "-C", dir, "-run", "Right", "-max-executions", "1", "-checkpoint", left)
	if code != exitUndecided || !strings.Contains(out, "TestRight is not exhausted: 1 executions") || !strings.Contains(out, "the same command goes on") {
		t.Errorf("status %d\n%s%s", code, out, errw)
	}
	l := modelResults(t, exitOK, "-C", dir, "-run", "Right", "-max-executions", "2", "-checkpoint", left)[0]
	if l.Executions != 2 || !l.Exhaustive {
		t.Errorf("%+v", l)
	}
	if files, err := os.ReadDir(left); err != nil || len(files) != 0 {
		t.Error(files, err)
	}
}

func TestModelThatDoesNotBuild(t *testing.T) {
	dir := modelProgram(t)
	if err := os.WriteFile(filepath.Join(dir, "wrong.go"), []byte("package user\n\nvar x int = \"\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errw := modelRun(t, "-C", dir)
	if code != exitUsage || !strings.Contains(errw, "does not build") {
		t.Errorf("status %d\n%s%s", code, out, errw)
	}
}

func TestModelRefusesBadFlags(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-memory", "tso"}, `"tso" is unknown: use rc11 or sc`},
		{[]string{"-shard", "3/2"}, "1 <= i <= n"},
		{[]string{"-seed", "many"}, "use a number"},
		{[]string{"-bound", "70000"}, "use 1 to 60000"},
		{[]string{"-unroll", "-1"}, "use 1 or more"},
		{[]string{"-max-executions", "-1"}, "cannot be negative"},
		{[]string{"-replay", "AAAA"}, "needs -run"},
	} {
		code, _, errw := modelRun(t, test.args...)
		if code != exitUsage || !strings.Contains(errw, test.want) {
			t.Errorf("%v: status %d, %q; want %q", test.args, code, errw, test.want)
		}
	}
}

func TestModelAtRandomEstimatesLong(t *testing.T) {
	long.Only(t, "a module is built with the model")
	dir := modelProgram(t)
	list := modelResults(t, exitOK, "-C", dir, "-run", "Right", "-seed", "1", "-max-executions", "200")
	if l := list[0]; l.Estimate == nil || l.Estimate.Mean != 2 {
		t.Errorf("%+v", l)
	}
	var out strings.Builder
	(&modelFlags{seed: "1"}).summarize(list, &out)
	if !strings.Contains(out.String(), "TestRight is not exhausted: 200 executions at random, of 2") {
		t.Error(out.String())
	}
}

func TestModelUnrollsLong(t *testing.T) {
	long.Only(t, "it builds the library and a module once more, with the tag")
	dir := modelProgram(t)
	if err := os.WriteFile(filepath.Join(dir, "counting_test.go"), []byte(`package user

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
)

func TestCounting(t *testing.T) {
	model.Check(t, func() {
		var x atomic.Int32
		for x.FetchAdd(1, atomic.Relaxed) >= 0 {
		}
	})
}
`), 0o666); err != nil {
		t.Fatal(err)
	}
	list := modelResults(t, exitUndecided, "-C", dir, "-run", "Counting", "-unroll", "3")
	if l := list[0]; l.Verdict != "undecided" || l.Failure != "" || len(l.Unseen) != 1 || l.Unseen[0].Kind != "loop cut" {
		t.Errorf("%+v", l)
	}
}
