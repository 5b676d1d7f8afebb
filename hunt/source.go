package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/fearless-go/fearless/internal/modcopy"
)

// source brings m's files into the folder to, which is there and empty. The
// copy can be written to; a workspace or a vendor folder above it has no say. A
// module of the proxy that has no go.mod gets one, and made says so.
func source(ctx context.Context, m Module, to string, l Limits) (_ Module, made string, err error) {
	from := m.Path
	if !m.IsFolder() {
		if from, m.Version, err = modcopy.Download(ctx, m.String()); err != nil {
			return m, "", err
		}
	}
	_, err = os.Stat(filepath.Join(from, "go.mod"))
	bare := err != nil
	if bare && m.IsFolder() {
		return m, "", fmt.Errorf("%s has no go.mod", m)
	}
	if err := modcopy.Tree(from, to, modcopy.All); err != nil || !bare {
		return m, "", err
	}
	made, err = makeGoMod(ctx, to, m.Path, l)
	return m, made, err
}

var goLine = regexp.MustCompile(`(?m)^go \S+$`)

// makeGoMod makes the go.mod of a module from before there were any. Its
// dependencies are the latest versions: those of its time are not known. They
// may need a later language, which then is the module's as well; made tells it.
func makeGoMod(ctx context.Context, dir, path string, l Limits) (made string, err error) {
	for _, args := range [][]string{{"init", path}, {"edit", "-go=" + modcopy.LanguageOfOld}, {"tidy", "-e"}} {
		o := command(ctx, dir, []string{"GOWORK=off", "GOFLAGS=-mod=mod"}, l, "go", append([]string{"mod"}, args...)...)
		if o.state != Done || o.exit != 0 {
			return "", fmt.Errorf("%s has no go.mod, and go mod %s makes none: %s", path, args[0], firstLine(o.why, string(o.stderr)))
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("go.mod (%s)", goLine.Find(text)), nil
}

var (
	goStatement = regexp.MustCompile(`(?m)^\s*go [a-zA-Z(]`)
	testFunc    = regexp.MustCompile(`(?m)^func Test[^a-z]`)
)

// survey counts what the module in dir is made of. It reads lines, and does not
// parse: the figures say how large and how concurrent a module is, no more.
func (r *Result) survey(dir string) error {
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || e.Name() == "vendor") {
			return fs.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		lines := bytes.Count(data, []byte("\n"))
		if strings.HasSuffix(name, "_test.go") {
			r.TestLines += lines
			r.Tests += len(testFunc.FindAll(data, -1))
			return nil
		}
		r.Lines += lines
		r.Goroutines += len(goStatement.FindAll(data, -1))
		return nil
	})
}

// firstLine returns the first line that says something.
func firstLine(texts ...string) string {
	for _, t := range texts {
		for line := range strings.Lines(t) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				return line
			}
		}
	}
	return ""
}
