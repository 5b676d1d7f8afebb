package model

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Flags of a test binary, set by "fearless model".
var (
	flagParallel = flag.Int("model.parallel", 0, "explore on `n` engines at once")
	flagHTML     = flag.String("model.html", "", "write the execution of a failure to a page in `folder`")
	flagReport   = flag.String("model.report", "", "append progress and results to `file`, a JSON object a line")
	flagReplay   = flag.String("model.replay", "", "run only the `execution` that a failure names; use it with -run")
)

// Check explores f and fails the test if it finds anything. It skips the test
// in a build without the tag fearless_model.
func Check(t testing.TB, f func(), opts ...Option) {
	t.Helper()
	if !Enabled {
		t.Skip("model: not a model build: run \"fearless model\", or go test -tags fearless_model")
	}
	all := []Option{}
	if *flagParallel > 0 {
		all = append(all, Parallel(*flagParallel))
	}
	all = append(all, opts...)
	if *flagReplay != "" {
		all = append(all, Replay(*flagReplay))
	}
	if *flagReport != "" {
		all = append(all, OnProgress(func(p Progress) { appendReport(t, line{Test: t.Name(), Executions: p.Executions, Blocked: p.Blocked}) }))
	}
	r := Explore(f, all...)
	if *flagReport != "" {
		l := line{Test: t.Name(), Executions: r.Executions, Blocked: r.Blocked, Done: true, Seconds: r.Elapsed.Seconds()}
		if r.Failure != nil {
			l.Failure = r.Failure.Message
		}
		appendReport(t, l)
	}
	if r.Failure == nil {
		rest := ""
		if !r.Exhaustive {
			rest = ", not exhaustive"
		}
		t.Logf("model: %d executions, %d blocked, in %v%s", r.Executions, r.Blocked, r.Elapsed.Round(time.Millisecond), rest)
		return
	}
	page := ""
	if *flagHTML != "" {
		page = savePage(t, r.Failure)
	}
	t.Errorf("%s%s", strings.TrimLeft(indent(r.Failure.text()), " "), page)
}

// A line is what a test tells "fearless model".
type line struct {
	Test       string  `json:"test"`
	Executions int     `json:"executions"`
	Blocked    int     `json:"blocked"`
	Done       bool    `json:"done"`
	Failure    string  `json:"failure,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`
}

func appendReport(t testing.TB, l line) {
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(*flagReport, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(append(data, '\n')); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func savePage(t testing.TB, f *Failure) string {
	name := filepath.Join(*flagHTML, strings.NewReplacer("/", "_", " ", "_").Replace(t.Name())+".html")
	file, err := os.Create(name)
	if err != nil {
		return fmt.Sprintf("no page: %v\n", err)
	}
	defer file.Close()
	if err := f.WriteHTML(file); err != nil {
		return fmt.Sprintf("no page: %v\n", err)
	}
	return "picture: " + name + "\n"
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n    ") + "\n"
}
