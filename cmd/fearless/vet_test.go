package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const racyProgram = `package m

func Race() int {
	n := 0
	go func() { n++ }()
	return n
}
`

// vetModule writes a module of one package and returns its folder.
func vetModule(t *testing.T, src string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "m.go": src} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// vetProcess runs "fearless vet" as a process, which the go command calls back.
func vetProcess(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	cmd := process(t, append([]string{"vet"}, args...)...)
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	_ = cmd.Run() // the exit status tells
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

func TestVetExitStatus(t *testing.T) {
	out, _, code := vetProcess(t, "-C", vetModule(t, racyProgram))
	if code != exitFailure || !strings.HasPrefix(out, "m.go:5:14: `n` is written here") || !strings.Contains(out, "[share]\n\tconfidence: must\n\tm.go:6:") {
		t.Errorf("a finding: status %d, output %q", code, out)
	}
	if out, errs, code := vetProcess(t, "-C", vetModule(t, "package m\n")); code != exitOK || out+errs != "" {
		t.Errorf("clean: status %d, output %q, errors %q", code, out, errs)
	}
	if _, errs, code := vetProcess(t, "-C", vetModule(t, "package m\n\nvar x int = y\n")); code != exitUsage || !strings.Contains(errs, "undefined: y") {
		t.Errorf("does not type-check: status %d, errors %q", code, errs)
	}
}

// With -confidence must, what assumes something is neither told nor counted.
func TestVetConfidence(t *testing.T) {
	dir := vetModule(t, strings.Replace(racyProgram, "func Race() int", "func Race(f *int) int", 1))
	if out, errs, code := vetProcess(t, "-C", dir); code != exitFailure || !strings.Contains(out, "confidence: may, assumed that ") {
		t.Errorf("by default: status %d, output %q, errors %q", code, out, errs)
	}
	if out, errs, code := vetProcess(t, "-C", dir, "-confidence", "must"); code != exitOK || out+errs != "" {
		t.Errorf("must: status %d, output %q, errors %q", code, out, errs)
	}
	if out, _, code := vetProcess(t, "-C", vetModule(t, racyProgram), "-confidence", "must"); code != exitFailure || !strings.Contains(out, "[share]") {
		t.Errorf("a certain finding: status %d, output %q", code, out)
	}
	if _, errs, code := vetProcess(t, "-C", dir, "-confidence", "sure"); code != exitUsage || !strings.Contains(errs, "-confidence sure: use must or may") {
		t.Errorf("no such confidence: status %d, errors %q", code, errs)
	}
}

func TestVetRulesMayHaveSpaces(t *testing.T) {
	dir := vetModule(t, racyProgram)
	if out, errs, code := vetProcess(t, "-C", dir, "-rules", "send, share"); code != exitFailure || !strings.Contains(out, "[share]") {
		t.Errorf("status %d, output %q, errors %q", code, out, errs)
	}
	if _, errs, code := vetProcess(t, "-C", dir, "-rules", "share,"); code != exitUsage || !strings.Contains(errs, `unknown rule ""`) {
		t.Errorf("an empty name: status %d, errors %q", code, errs)
	}
}

func TestVetWritesJSONAndSARIF(t *testing.T) {
	dir := vetModule(t, racyProgram)
	file := filepath.Join(t.TempDir(), "log.sarif")
	out, errs, code := vetProcess(t, "-C", dir, "-json", "-sarif", file)
	var findings []struct {
		File, Rule string
		Line       int
	}
	if err := json.Unmarshal([]byte(out), &findings); err != nil || code != exitFailure {
		t.Fatalf("status %d, %v: %q %q", code, err, out, errs)
	}
	if len(findings) != 1 || findings[0].File != "m.go" || findings[0].Line != 5 || findings[0].Rule != "share" {
		t.Errorf("findings %+v", findings)
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), `"ruleId": "share"`) {
		t.Errorf("SARIF: %v\n%s", err, data)
	}
	if out, _, _ := vetProcess(t, "-C", vetModule(t, "package m\n"), "-json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("JSON of no findings: %q", out)
	}
}

func TestVetBaseline(t *testing.T) {
	dir, file := vetModule(t, racyProgram), filepath.Join(t.TempDir(), "baseline.json")
	if _, errs, code := vetProcess(t, "-C", dir, "-write-baseline", file); code != exitOK {
		t.Fatalf("status %d, errors %q", code, errs)
	}
	if out, _, code := vetProcess(t, "-C", dir, "-baseline", file); code != exitOK {
		t.Errorf("status %d, output %q", code, out)
	}
	if _, errs, code := vetProcess(t, "-C", dir, "-baseline", file+"x"); code != exitUsage || !strings.Contains(errs, "-write-baseline") {
		t.Errorf("no such baseline: status %d, errors %q", code, errs)
	}
}

func TestVetExplainsAndListsRules(t *testing.T) {
	r := call(t, "", "vet", "-explain", "share")
	if r.code != exitOK || !strings.Contains(r.out, "Rust: E0499") || !strings.Contains(r.out, "Wrong:") {
		t.Errorf("-explain: %+v", r)
	}
	if r := call(t, "", "vet", "-list"); r.code != exitOK || !strings.Contains(r.out, "share") || !strings.Contains(r.out, "send") {
		t.Errorf("-list: %+v", r)
	}
	for _, args := range [][]string{{"vet", "-explain", "nothing"}, {"vet", "-rules", "nothing"}, {"vet", "-nothing"}} {
		if r := call(t, "", args...); r.code != exitUsage || r.err == "" {
			t.Errorf("%q: %+v", args, r)
		}
	}
}
