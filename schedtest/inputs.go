package schedtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inputs are what a test has asked the outside for, "env NAME", "env *" for all
// variables, or "file NAME", and what that was: a checkpoint is of a test with these.
// The key "" is that there were too many.
type inputs map[string]string

// take notes what a process has asked for, with what it is now.
func (in inputs) take(names []string, r *runner) {
	for _, name := range names {
		if _, ok := in[name]; !ok && !r.passing(name) {
			in[name] = r.input(name)
		}
	}
}

// changed names what is not as it was, for a sentence, or returns "". when is where or
// when it is not.
func (in inputs) changed(r *runner, when string) string {
	for name, was := range in {
		kind, what, _ := strings.Cut(name, " ")
		switch {
		case name == "":
			return "what the test reads, which is too much to be told apart, may be another " + when
		case r.input(name) == was:
		case what == "*":
			return "the test reads the whole environment, which is another " + when
		case kind == "env":
			return "the environment variable " + what + ", which the test reads, is another " + when
		default:
			return "the file " + what + ", which the test looks at, is another " + when
		}
	}
	return ""
}

// passing reports whether a file is none that a test is given: ours, a temporary
// one, or a device.
func (r *runner) passing(name string) bool {
	path, ok := strings.CutPrefix(name, "file ")
	if !ok {
		return false
	}
	path = r.inside(path)
	if strings.HasPrefix(path, r.target.dir+string(filepath.Separator)) {
		return false // the test's own folder may be temporary
	}
	for _, dir := range []string{r.dir, os.TempDir(), "/dev", "/proc", "/sys"} {
		if rest, ok := strings.CutPrefix(path, dir); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
			return true
		}
	}
	return false
}

// inside is a path as the test's process has it.
func (r *runner) inside(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(r.target.dir, path)
}

// input is a hash of what a name stands for now.
func (r *runner) input(name string) string {
	h := sha256.New()
	kind, what, _ := strings.Cut(name, " ")
	if kind == "file" {
		readInput(h, r.inside(what))
		return hex.EncodeToString(h.Sum(nil)[:16])
	}
	env := childEnv(r.opts.Env, "")
	slices.Sort(env)
	for _, s := range env {
		if what == "*" || strings.HasPrefix(s, what+"=") {
			fmt.Fprintf(h, "%q", s)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// readInput writes what lies at path to w: a file's bytes, a folder's names, or that
// there is nothing to be read.
func readInput(w io.Writer, path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		fmt.Fprint(w, "nothing")
	case info.IsDir():
		list, _ := os.ReadDir(path)
		for _, e := range list {
			fmt.Fprintf(w, "%q", e.Name())
		}
	case !info.Mode().IsRegular():
		fmt.Fprint(w, info.Mode().Type())
	default:
		f, err := os.Open(path)
		if err != nil {
			fmt.Fprint(w, "unreadable")
			return
		}
		defer f.Close()
		io.Copy(w, f)
	}
}
