// Package goker makes a module of tests out of the kernels of known bugs that come with
// Go: GoBench's GoKer, functions of one package that are registered under their names.
//
// Begin with Write. The kernels' text stays the distribution's: nothing of it is kept here.
package goker

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// Registered matches where a kernel gives its name and its function.
var Registered = regexp.MustCompile(`register\("(\w+)", (\w+)\)`)

// folder is where the kernels are in a distribution.
const folder = "src/runtime/testdata/testgoroutineleakprofile/goker"

// Write writes a module into dir with a test, TestName, for each kernel of the
// distribution at goroot. What change returns of a file's text is written; nil
// leaves the kernels as they are. It fails if the distribution has no kernels, as
// before Go 1.26.
func Write(dir, goroot string, change func(text []byte) []byte) error {
	from := filepath.Join(goroot, filepath.FromSlash(folder))
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no kernels in %s: use Go 1.26 or later", from)
	}
	var tests bytes.Buffer
	tests.WriteString("package main\n\nimport \"testing\"\n")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range Registered.FindAllSubmatch(text, -1) {
			fmt.Fprintf(&tests, "\nfunc Test%s(t *testing.T) { %s() }\n", m[1], m[2])
		}
		if change != nil {
			text = change(text)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o666); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "kernels_test.go"), tests.Bytes(), 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module kernels\n\ngo 1.26\n"), 0o666)
}

var profile = regexp.MustCompile(`\bprof\.WriteTo\(os\.Stdout, 2\)`)

// WithoutProfile is a kernel that does not print the goroutine leak profile at its end.
// That is how the distribution's own test looks for leaks, and no part of the bug.
func WithoutProfile(text []byte) []byte {
	return profile.ReplaceAll(text, []byte("_, _ = prof, os.Stdout"))
}
