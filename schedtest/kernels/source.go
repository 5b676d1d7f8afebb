package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/schedtest/goker"
)

// The distribution's kernels begin many copies of what has the bug, so that some copy
// shows it; copies share nothing, and one is enough where all its schedules are run. So a
// loop over so many, at the top of a kernel, is made one of a single round.
const manyCopies = 50

var counted = regexp.MustCompile(`(\n\tfor \w+ := 0; \w+ )(<=?) (\d+); `)

// distribution writes the kernels that come with Go.
func distribution(ctx context.Context, dir string) error {
	root, err := goEnv(ctx, "GOROOT")
	if err != nil {
		return err
	}
	return goker.Write(dir, root, func(text []byte) []byte { return goker.WithoutProfile(once(text)) })
}

// once is text with one round in each loop over many copies of its registered functions.
func once(text []byte) []byte {
	for _, m := range goker.Registered.FindAllSubmatch(text, -1) {
		head, rest, _ := bytes.Cut(text, fmt.Appendf(nil, "\nfunc %s() {", m[2]))
		body, tail, there := bytes.Cut(rest, []byte("\n}"))
		if !there {
			continue
		}
		body = counted.ReplaceAllFunc(body, func(loop []byte) []byte {
			m := counted.FindSubmatch(loop)
			if n, err := strconv.Atoi(string(m[3])); err != nil || n < manyCopies {
				return loop
			}
			return append(bytes.Clone(m[1]), "< 1; "...)
		})
		text = fmt.Appendf(nil, "%s\nfunc %s() {%s\n}%s", head, m[2], body, tail)
	}
	return text
}

var (
	clause = regexp.MustCompile(`(?m)^package \w+`)
	tested = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)
)

// originals writes GoBench's kernels, which are tests in a folder each, as they are: each is
// a package that the tests of one call, so that there is one test binary. They are of a
// time in which a loop's variable was one for all rounds.
func originals(clone, dir string) error {
	files, err := filepath.Glob(filepath.Join(clone, "gobench/goker/*/*/*/*_test.go"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s has no gobench/goker: name a clone of https://github.com/timmyyuan/gobench", clone)
	}
	var imports, tests bytes.Buffer
	for i, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		folder := fmt.Sprint("kernel", i)
		if err := write(filepath.Join(dir, folder), strings.TrimSuffix(filepath.Base(name), "_test.go")+".go", clause.ReplaceAll(text, []byte("package "+folder))); err != nil {
			return err
		}
		fmt.Fprintf(&imports, "\t%q\n", "kernels/"+folder)
		for _, m := range tested.FindAllSubmatch(text, -1) {
			fmt.Fprintf(&tests, "\nfunc %s(t *testing.T) { %s.%s(t) }\n", m[1], folder, m[1])
		}
	}
	all := fmt.Sprintf("package kernels\n\nimport (\n\t\"testing\"\n\n%s)\n%s", imports.Bytes(), tests.Bytes())
	if err := write(dir, "kernels_test.go", []byte(all)); err != nil {
		return err
	}
	return write(dir, "go.mod", []byte("module kernels\n\ngo 1.21\n"))
}

func goEnv(ctx context.Context, name string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("cannot run go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

func write(dir, name string, text []byte) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), text, 0o666)
}
