// Package check runs the fearless analyzers over the packages of any module.
//
// It lets the go command do the work ("go vet -vettool"): one package at a
// time, so that memory stays bounded, and with the go command's build cache,
// so that what has not changed is not analysed again.
package check

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/vet"
)

// Options say what to check.
type Options struct {
	// Dir is the folder in which patterns are resolved; "" is the current one.
	Dir string
	// Patterns are packages as the go command names them; none is ".".
	Patterns []string
	// Rules are the rules to apply; none is all.
	Rules []string
	// Tags are build tags, separated by commas.
	Tags string
	// NoTests leaves out findings in files of tests, which may break rules on
	// purpose.
	NoTests bool
	// Tool is the executable that calls Tool: "fearless" or "fearless-vet".
	// "" is the running one.
	Tool string
	// Progress, if set, is called a few times a second while Run goes on, by one
	// goroutine at a time.
	Progress func(Progress)
}

// An Error tells why packages could not be checked: they do not exist or do
// not type-check. Output is what the go command said.
type Error struct{ Output string }

func (e *Error) Error() string {
	return "packages could not be checked, because they are not there or do not compile:\n" + e.Output
}

// Run checks packages and returns the findings, sorted by position. The
// findings are good even if the error is an *Error, or that of ctx: they are
// those of the packages that could be checked, or were done when ctx ended.
func Run(ctx context.Context, opts Options) ([]Finding, error) {
	if _, err := vet.Analyzers(opts.Rules...); err != nil {
		return nil, err
	}
	if info, err := os.Stat(cmp.Or(opts.Dir, ".")); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no folder %s in which to check", opts.Dir)
	}
	tool := opts.Tool
	if tool == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("cannot find the running executable, which the go command is to call: %w", err)
		}
		tool = self
	}
	args := []string{"vet", "-json", "-vettool=" + tool}
	if opts.Tags != "" {
		args = append(args, "-tags="+opts.Tags)
	}
	for _, name := range opts.Rules {
		args = append(args, "-"+name)
	}
	if len(opts.Rules) > 0 {
		args = append(args, "-ignore")
	}
	args = append(args, "--")
	w := watch(ctx, opts)
	defer w.stop()
	out, errs, exit, err := goCommand(ctx, opts.Dir, w.environ(), w, append(args, opts.Patterns...)...)
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	if ctx.Err() == nil && exit != nil && len(bytes.TrimSpace(skipComments(out))) == 0 {
		// A package that cannot be loaded keeps the go command from all
		// others: name those that can.
		if whole := loadable(ctx, opts); len(whole) > 0 {
			if out, _, _, err = goCommand(ctx, opts.Dir, w.environ(), w, append(args, whole...)...); err != nil && ctx.Err() == nil {
				return nil, err
			}
		}
	}
	base, err := filepath.Abs(cmp.Or(opts.Dir, "."))
	if err != nil {
		return nil, err
	}
	findings, trouble, jsonErr := decode(out, base)
	if jsonErr != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("cannot read what %q printed: %w\n%s", strings.Join(args, " "), jsonErr, errs)
	}
	if len(opts.Rules) > 0 {
		findings = slices.DeleteFunc(findings, func(f Finding) bool {
			return f.Rule != "ignore" && !slices.Contains(opts.Rules, f.Rule)
		})
	}
	if opts.NoTests {
		findings = slices.DeleteFunc(findings, func(f Finding) bool { return strings.HasSuffix(f.File, "_test.go") })
	}
	if ctx.Err() != nil {
		return findings, fmt.Errorf("not all packages are checked: %w", ctx.Err())
	}
	if exit != nil || trouble != "" {
		return findings, &Error{Output: strings.TrimSpace(trouble + errs)}
	}
	if warning := errs; strings.Contains(warning, "matched no packages") {
		return findings, &Error{Output: strings.TrimSpace(warning)}
	}
	return findings, nil
}

// goCommand runs the go command, with environ added to its environment. exit is
// not nil if it said that something is wrong. When ctx ends, out is what it had
// printed until then. w, if there is one, sees what it prints at once.
func goCommand(ctx context.Context, dir string, environ []string, w io.Writer, args ...string) (out []byte, errs string, exit *exec.ExitError, err error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	if environ != nil {
		cmd.Env = append(cmd.Environ(), environ...)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if w != nil {
		cmd.Stdout = io.MultiWriter(&stdout, w)
	}
	cmd.Cancel = func() error { return stop(cmd.Process) }
	cmd.WaitDelay = stopDelay
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return stdout.Bytes(), "", nil, ctx.Err()
	case err != nil && !errors.As(err, &exit):
		return nil, "", nil, fmt.Errorf("cannot run the go command, which must be in PATH: %w", err)
	}
	return stdout.Bytes(), stderr.String(), exit, nil
}

// stopDelay is how long the go command has to stop its vet tools.
const stopDelay = 5 * time.Second

// stop asks the go command to end: killed, it would leave the vet tools behind.
// Where a process cannot be asked, it is killed.
func stop(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err == nil || errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.Kill()
}

// loadable are those of the packages that can be loaded, with their tests and
// all that they import. It is nil if that is all of them, or none.
func loadable(ctx context.Context, opts Options) []string {
	args := []string{"list", "-e", "-test", "-f", "{{.ImportPath}}\t{{.ForTest}}\t{{if or .Error .DepsErrors .Incomplete}}bad{{end}}"}
	if opts.Tags != "" {
		args = append(args, "-tags="+opts.Tags)
	}
	out, _, _, err := goCommand(ctx, opts.Dir, nil, nil, append(append(args, "--"), opts.Patterns...)...)
	if err != nil {
		return nil
	}
	bad := map[string]bool{}
	var names []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) != 3 {
			continue
		}
		name, _, isVariant := strings.Cut(fields[0], " ")
		of := cmp.Or(fields[1], strings.TrimSuffix(name, ".test"))
		if fields[2] != "" {
			bad[of] = true
		}
		if !isVariant && name == of {
			names = append(names, name)
		}
	}
	whole := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return bad[n] })
	if len(whole) == len(names) {
		return nil
	}
	return whole
}

// decode reads the trees of JSON that the go command prints, one for each
// package: package ID, analyzer, and a list of findings or an error. What comes
// before something that is no JSON is good.
func decode(out []byte, base string) (findings []Finding, trouble string, err error) {
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(skipComments(out)))
	for dec.More() {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err != nil {
			slices.SortFunc(findings, Finding.compare)
			return findings, trouble, err
		}
		for id, byAnalyzer := range tree {
			for name, raw := range byAnalyzer {
				var failed struct{ Err string }
				if json.Unmarshal(raw, &failed) == nil && failed.Err != "" {
					trouble += fmt.Sprintf("%s: rule %s failed: %s\n", id, name, failed.Err)
					continue
				}
				var diags []diagnostic
				if err := json.Unmarshal(raw, &diags); err != nil {
					return nil, "", err
				}
				for _, d := range diags {
					f := d.finding(name, base)
					// A package and its test variant have the same files.
					if key := f.String(); !seen[key] {
						seen[key] = true
						findings = append(findings, f)
					}
				}
			}
		}
	}
	slices.SortFunc(findings, Finding.compare)
	return findings, trouble, nil
}

// skipComments drops the lines "# import/path" between the trees.
func skipComments(out []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(out) {
		if !bytes.HasPrefix(line, []byte("# ")) {
			kept = append(kept, line...)
		}
	}
	return kept
}
