package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// A module is a line of upstream.txt with the lines below it.
type module struct {
	path     string // with its version
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
		case line[0] != '\t' && len(fields) == 1 && strings.Contains(line, "@v"):
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
	if err := unpack(ctx, m.path, dir); err != nil {
		return nil, err
	}
	for _, p := range m.packages {
		report, err := schedtest.Prove(ctx, schedtest.Options{
			Dir: dir, Patterns: []string{"./" + p.folder}, Run: "^(" + strings.Join(p.names, "|") + ")$", Race: true,
			Time: schedtest.TimeIdeal, Duration: 5 * time.Minute,
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

// unpack puts a copy of the module at dir, where it can be built.
func unpack(ctx context.Context, path, dir string) error {
	name, _, _ := strings.Cut(path, "@")
	var got struct{ Dir, Error string }
	out, err := command(ctx, os.TempDir(), "go", "mod", "download", "-json", path)
	if jerr := json.Unmarshal(out, &got); jerr == nil && got.Error != "" {
		return fmt.Errorf("%s cannot be had: %s", path, got.Error)
	}
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(got.Dir)); err != nil {
		return err
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chmod(path, 0o777)
	})
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return nil
	}
	_, err = command(ctx, dir, "go", "mod", "init", name)
	return err
}

func command(ctx context.Context, dir string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Dir, c.Stderr = dir, &stderr
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out, err
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
