package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTestRefusesBadArguments(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-shard 3/2", "write i/n with 1 <= i <= n"},
		{"-shard x", "write i/n"},
		{"-schedules 0", "must be more than 0"},
		{"-replay v1:first:0000000000000000 -count 0", "must be more than 0"},
		{"-strategy best", "use portfolio"},
		{"-replay v1:nonsense", "is not whole"},
		{"-replay=", "-replay has no seed"},
		{"-count 3", "more schedules with -schedules"},
		{"-merge " + t.TempDir(), "no *.json"},
		{"-nonsense", "lists its flags"},
		{"-bench .", "use go test -bench, or fearless bench"},
		{"-benchmem", "use go test -bench"},
		{"-fuzz=FuzzX", "grow the corpus with go test -fuzz"},
		{"-shuffle on", "-seed makes other schedules"},
		{"-cpu 1,2", "run the tests once for each"},
		{"-cpu 0", "run the tests once for each"},
		{"-parallel x", "a number from 1 on"},
		{"-p -1", "must not be less than 0"},
		{"-timeout -1s", "must not be less than 0"},
		{"-mod nonsense", "-mod=nonsense not supported"},
	} {
		var out, errw bytes.Buffer
		code := run(t.Context(), append([]string{"test"}, strings.Fields(c.args)...), strings.NewReader(""), &out, &errw)
		if code != exitUsage || !strings.Contains(errw.String(), c.want) {
			t.Errorf("fearless test %s: status %d, %q; want %d and %q", c.args, code, errw.String(), exitUsage, c.want)
		}
	}
}

func TestTestMergesShards(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"1.json": `{"format":"fearless-test/1","shards":["1/2"],"results":[{"package":"p","test":"TestX","schedules":5}]}`,
		"2.json": `{"format":"fearless-test/1","shards":["2/2"],"results":[{"package":"p","test":"TestX","schedules":7,"finding":{"kind":"deadlock","message":"m","exact":true}}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, errw bytes.Buffer
	junit := filepath.Join(dir, "junit.xml")
	if code := run(t.Context(), []string{"test", "-merge", dir, "-junit", junit}, strings.NewReader(""), &out, &errw); code != exitFailure {
		t.Errorf("status %d: %s", code, errw.String())
	}
	if !strings.Contains(out.String(), "12 schedules of 1 tests") || !strings.Contains(out.String(), "deadlock: m") {
		t.Errorf("printed %s", out.String())
	}
	if text, err := os.ReadFile(junit); err != nil || !strings.Contains(string(text), `type="deadlock"`) {
		t.Errorf("JUnit %s, %v", text, err)
	}
}
