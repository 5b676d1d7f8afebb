package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/modcopy"
	"github.com/fearless-go/fearless/schedtest"
)

// std begins what stands for the standard library, of the Go release that follows.
const std = "std@"

// A module is a line of upstream.txt with the lines below it.
type module struct {
	path     string // with its version; or std, and a version of Go
	packages []tests
}

// tests are those of one package, which is a folder of the module.
type tests struct {
	folder string
	names  []string
}

// A row is one test of the table.
type row struct {
	module, test string
	executions   uint64
	seconds      float64
}

// parse reads upstream.txt.
func parse(text string) (list []module, err error) {
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] == "#":
		case line[0] != '\t' && len(fields) == 1 && (strings.Contains(line, "@v") || strings.HasPrefix(line, std)):
			list = append(list, module{path: line})
		case line[0] == '\t' && len(fields) > 1 && len(list) > 0:
			m := &list[len(list)-1]
			m.packages = append(m.packages, tests{fields[0], fields[1:]})
		default:
			return nil, fmt.Errorf("upstream.txt:%d: %q: want a module with its version, or a tab, a folder of the module above and its tests", i+1, line)
		}
	}
	return list, nil
}

// prove proves the module's tests, in a copy of it. Computing takes no time there: see
// schedtest.TimeIdeal.
func prove(ctx context.Context, m module) (rows []row, err error) {
	dir, err := os.MkdirTemp("", "upstream")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	at := "./"
	if release, ok := strings.CutPrefix(m.path, std); ok {
		at = ""
		if err := isRelease(ctx, release); err != nil {
			return nil, err
		}
	} else if err := unpack(ctx, m.path, dir); err != nil {
		return nil, err
	}
	for _, p := range m.packages {
		report, err := schedtest.Prove(ctx, schedtest.Options{
			Dir: dir, Patterns: []string{at + p.folder}, Run: "^(" + strings.Join(p.names, "|") + ")$", Race: true,
			Short: at == "", Time: schedtest.TimeIdeal, Duration: 5 * time.Minute,
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.path, err)
		}
		if len(report.Results) != len(p.names) {
			return nil, fmt.Errorf("%s: %s has %d of the tests %v", m.path, p.folder, len(report.Results), p.names)
		}
		for _, r := range report.Results {
			if r.Verdict != schedtest.Proven {
				return nil, fmt.Errorf("%s: %s is %s: %s", m.path, r.Test, r.Verdict, r.Reason)
			}
			rows = append(rows, row{m.path, r.Test, r.Proof.Executions, r.Elapsed.Seconds()})
		}
	}
	return rows, nil
}

// An otherGoError says that the standard library here is not of the release that the
// list is about: it has other tests.
type otherGoError struct{ want, is string }

func (e *otherGoError) Error() string {
	return fmt.Sprintf("this is %s, and upstream.txt lists the tests of %s: set GOTOOLCHAIN, or change the list", e.is, e.want)
}

// isRelease returns an error unless the go command is of the release, such as go1.26.
func isRelease(ctx context.Context, release string) error {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return fmt.Errorf("cannot run go env: %w", err)
	}
	if is := strings.TrimSpace(string(out)); is != release && !strings.HasPrefix(is, release+".") {
		return &otherGoError{release, is}
	}
	return nil
}

// unpack puts a copy of the module at dir, where it can be built. One without go.mod
// gets one, with the language that it has where others import it.
func unpack(ctx context.Context, path, dir string) error {
	from, _, err := modcopy.Download(ctx, path)
	if err != nil {
		return err
	}
	if err := modcopy.Tree(from, dir, modcopy.All); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return nil
	}
	name, _, _ := strings.Cut(path, "@")
	if err := goMod(ctx, dir, "init", name); err != nil {
		return err
	}
	return goMod(ctx, dir, "edit", "-go="+modcopy.LanguageOfOld)
}

func goMod(ctx context.Context, dir string, args ...string) error {
	c := exec.CommandContext(ctx, "go", append([]string{"mod"}, args...)...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go mod %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// format is the table, as Markdown.
func format(rows []row) string {
	var b strings.Builder
	b.WriteString("| module | test | executions | seconds |\n|---|---|---:|---:|\n")
	last := ""
	for _, r := range rows {
		m := r.module
		if m == last {
			m = ""
		}
		last = r.module
		fmt.Fprintf(&b, "| %s | %s | %d | %.2f |\n", m, r.test, r.executions, r.seconds)
	}
	return b.String()
}
