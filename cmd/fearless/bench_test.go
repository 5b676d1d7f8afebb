package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func benchRun(t *testing.T, args ...string) (code int, out, errw string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"bench", "-rust=false"}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestBenchPrintsATable(t *testing.T) {
	code, out, errw := benchRun(t, "-quick", "-run", "^once/do$")
	if code != exitOK || errw != "" {
		t.Fatalf("%d %s", code, errw)
	}
	for _, want := range []string{"once/do", "fearless", "sync.Once", "ns/op", "1 cases; of 0 targets 0 are met or even, 0 missed"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestBenchWritesJSONAndPictures(t *testing.T) {
	dir := t.TempDir()
	svg, page := filepath.Join(dir, "x.svg"), filepath.Join(dir, "x.html")
	code, out, errw := benchRun(t, "-quick", "-json", "-svg", svg, "-html", page, "-run", "^atomic/uint64/(add|load)/seqcst$")
	var report struct {
		Go, Processor string
		Results       []struct {
			Name         string
			Measurements []struct {
				By     string
				Median float64
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitOK {
		t.Fatal(code, err, errw)
	}
	if len(report.Results) != 2 || report.Go == "" || report.Processor == "" || report.Results[0].Measurements[0].Median <= 0 {
		t.Errorf("%+v", report)
	}
	for _, file := range []string{svg, page} {
		if text, err := os.ReadFile(file); err != nil || !bytes.Contains(text, []byte("<rect")) || !bytes.Contains(text, []byte("atomic/uint64")) {
			t.Errorf("%s: %v\n%s", file, err, text)
		}
	}
}

func TestBenchRefusesBadInput(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-run", "("}, "missing closing"},
		{[]string{"-run", "nothing-like-this"}, "no case matches"},
		{[]string{"mutex"}, "select cases with -run"},
		{[]string{"-runs", "-1"}, "-runs -1"},
		{[]string{"-update", "-quick"}, "leave out -run and -quick"},
	} {
		code, out, errw := benchRun(t, test.args...)
		if code != exitUsage || out != "" || !strings.Contains(errw, test.want) {
			t.Errorf("%q: %d %q, want %q", test.args, code, errw, test.want)
		}
	}
}

func TestBenchNamesAFileItCannotWrite(t *testing.T) {
	code, _, errw := benchRun(t, "-quick", "-run", "^once/do$", "-svg", filepath.Join(t.TempDir(), "no", "x.svg"))
	if code != exitFailure || !strings.Contains(errw, "-svg") {
		t.Errorf("%d %s", code, errw)
	}
}

// An interrupt leaves the table of what is measured.
func TestBenchInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errw bytes.Buffer
	code := run(ctx, []string{"bench", "-quick", "-run", "^once/do$"}, strings.NewReader(""), &out, &errw)
	if code != exitFailure || out.Len() > 0 || !strings.Contains(errw.String(), "interrupted: 0 of 1 cases are measured") {
		t.Errorf("%d %s\n%s", code, errw.String(), out.String())
	}
}
