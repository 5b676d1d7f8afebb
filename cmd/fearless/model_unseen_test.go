package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

func TestModelTellsWhatItDoesNotSeeLong(t *testing.T) {
	long.Only(t, "a module is built with the model")
	dir := modelProgram(t)
	if err := os.WriteFile(filepath.Join(dir, "unseen_test.go"), []byte(`package user

import (
	"sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestLost(t *testing.T) {
	model.Check(t, func() {
		var x atomic.Int64
		body := func() { x.Store(x.Load() + 1) }
		a, b := thread.Go(body), thread.Go(body)
		a.Join()
		b.Join()
	})
}
`), 0o666); err != nil {
		t.Fatal(err)
	}
	_, out, errw := modelRun(t, "-C", dir, "-json", "-run", "Lost|Right", ".")
	var results []modelLine
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) != 2 {
		t.Fatalf("%v\n%s%s", err, out, errw)
	}
	for _, l := range results {
		lost := l.Test == "TestLost"
		if lost == l.Exhaustive || lost != (l.Verdict == "unsuitable") || lost != (len(l.Unseen) == 2) {
			t.Errorf("%+v", l)
		}
	}
	var text strings.Builder
	new(modelFlags).summarize(results, &text)
	out = text.String()
	for _, want := range []string{
		"model: TestLost: not seen by the model: package sync/atomic (atomic.Int64.Load at unseen_test.go:14",
		"model: TestLost: not seen by the model: 3 threads and one execution",
		`"fearless prove" runs every schedule`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if strings.Contains(out, "TestRight:") {
		t.Errorf("nothing is to be said of TestRight:\n%s", out)
	}
}
