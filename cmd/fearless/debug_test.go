package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

func TestDebugBadInput(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-debug", "add -replay"},
		{"-debug -replay v1:first:0000000000000000 -count 2", "leave out -count"},
		{"-debug -replay v1:first:0000000000000000 -json", "-json"},
		{"-debug -replay v1:first:0000000000000000", "go install github.com/go-delve/delve/cmd/dlv@latest"},
	} {
		t.Setenv("PATH", t.TempDir()) // no dlv
		r := call(t, "", append([]string{"test"}, strings.Fields(c.args)...)...)
		if r.code != exitUsage || !strings.Contains(r.err, c.want) {
			t.Errorf("%s: status %d, %q, want %q", c.args, r.code, r.err, c.want)
		}
	}
}

const inverse = `package m

import ("sync"; "testing")

func TestX(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
	wg.Go(func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() })
	wg.Wait()
}
`

const external = `package m

import "testing"

func TestX(t *testing.T) { t.Error("always") }
`

// A debugger that prints what it was to do, and runs the program.
const noDebugger = `#!/bin/sh
program=$2
while [ "$1" != --wd ]; do shift; done
cd "$2"
while [ "$1" != --init ]; do shift; done
cat "$2"
while [ "$1" != -- ]; do shift; done
shift
"$program" "$@"
echo "status $?"
`

func TestDebugLong(t *testing.T) {
	long.Only(t, "an instrumented standard library is built")
	delve, _ := exec.LookPath("dlv")
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.test/m\n\ngo 1.26\n", "m_test.go": inverse} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var report schedtest.Report
	if r := call(t, "", "test", "-C", dir, "-json", "."); json.Unmarshal([]byte(r.out), &report) != nil || len(report.Findings()) != 1 {
		t.Fatalf("status %d\n%s\n%s", r.code, r.out, r.err)
	}
	seed := report.Findings()[0].Finding.Seed
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "dlv"), []byte(noDebugger), 0o777); err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+path)
	for seed, want := range map[string]string{seed: "break runtime.switchTaken\ncontinue\n", report.Findings()[0].Finding.Original: ""} {
		r := call(t, "", "test", "-C", dir, "-debug", "-replay", seed, ".")
		if want == "" && !strings.Contains(seed, ":switches:") {
			want = "break example.test/m.TestX\ncontinue\n"
		}
		if r.code != exitFailure || !strings.Contains(r.out, want) || !strings.Contains(r.out, "status 1\n") || !strings.Contains(r.out, "deadlock:") {
			t.Errorf("%s: status %d\n%s\n%s", seed, r.code, r.out, r.err)
		}
	}
	// In the package of the external tests, with a dot in its name, in a schedule that lists no switches.
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.test/m.v2\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "m_test.go"), []byte(strings.Replace(external, "package m", "package m_test", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	first := "v1:first:0000000000000000"
	r := call(t, "", "test", "-C", dir, "-debug", "-replay", first, ".")
	if r.code != exitFailure || !strings.Contains(r.out, "break example.test/m%2ev2_test.TestX\ncontinue\n") {
		t.Errorf("status %d\n%s\n%s", r.code, r.out, r.err)
	}
	if delve == "" {
		t.Log("there is no delve in PATH, so it was not tried: .ci/run has one")
		return
	}
	t.Setenv("PATH", path)
	if r := call(t, "", "test", "-C", dir, "-debug", "-replay", first, "."); !strings.Contains(r.out, "> [Breakpoint 1] example.test/m") || !strings.Contains(r.out, "m_test.go:") {
		t.Errorf("status %d\n%s\n%s", r.code, r.out, r.err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.test/m\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "m_test.go"), []byte(inverse), 0o666); err != nil {
		t.Fatal(err)
	}
	r = call(t, "", "test", "-C", dir, "-debug", "-replay", seed, ".")
	if !strings.Contains(r.out, "runtime.switchTaken") || !strings.Contains(r.out, "example.test/m.TestX.func") || !strings.Contains(r.out, "m_test.go:") {
		t.Errorf("status %d\n%s\n%s", r.code, r.out, r.err)
	}
}
