package schedtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A BuildError reports a package whose test does not build.
type BuildError struct {
	Package string
	Output  string // what the go command printed
}

func (e *BuildError) Error() string {
	return fmt.Sprintf("%s does not build:\n%s", e.Package, strings.TrimRight(e.Output, "\n"))
}

// goEnv is what "go env" says in the folder of the tests.
type goEnv struct {
	GOROOT, GOVERSION, GOFLAGS, GOMODCACHE, GOEXPERIMENT, GOMOD, GOWORK string
}

// A target is a package whose tests are run.
type target struct {
	path   string
	dir    string
	module string               // "" if it is in none
	binary string               // "" if it has no tests
	tests  []string             // its test files, as go list names them
	asks   map[string]directive // what comments above its tests ask for
}

type listed struct {
	ImportPath, Dir, ForTest                            string
	Standard, DepOnly, Incomplete                       bool
	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles, Match []string
	Imports, TestImports, XTestImports                  []string
	Module                                              *module
	Error                                               *struct{ Err string }
	DepsErrors                                          []*struct{ Err string }
}

// builder builds test binaries over the overlay.
type builder struct {
	opts  *Options
	env   goEnv
	cache string
	std   map[string][]byte
	gobin string   // the go command
	vars  []string // its environment
	user  []string // packages that are not the distribution's, as the names of their functions have them; set by targets
}

func newBuilder(ctx context.Context, opts *Options) (*builder, error) {
	b := &builder{opts: opts, gobin: "go", vars: opts.Env}
	out, err := b.goCommand(ctx, "env", "-json", "GOROOT", "GOVERSION", "GOFLAGS", "GOMODCACHE", "GOEXPERIMENT", "GOMOD", "GOWORK")
	if err != nil {
		return nil, fmt.Errorf("cannot run the go command: %w", err)
	}
	if err := json.Unmarshal(out, &b.env); err != nil {
		return nil, fmt.Errorf("cannot read the output of go env: %w", err)
	}
	b.cache = opts.CacheDir
	if b.cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("no folder for the overlay: %w; set HOME or XDG_CACHE_HOME", err)
		}
		b.cache = filepath.Join(user, "fearless", "schedtest")
	}
	if b.cache, err = filepath.Abs(b.cache); err != nil {
		return nil, err
	}
	if err := b.leaveModuleCache(); err != nil {
		return nil, err
	}
	b.std, err = patched(b.env.GOROOT, b.env.GOVERSION)
	return b, err
}

// leaveModuleCache takes the distribution from outside of the module cache, if
// the go command has downloaded it there.
func (b *builder) leaveModuleCache() error {
	if !b.cached(b.env.GOROOT) {
		return nil
	}
	link, err := b.outside(b.env.GOROOT)
	if err != nil {
		return fmt.Errorf("cannot name the Go distribution in the module cache from outside: %w; install %s and set GOTOOLCHAIN=local", err, b.env.GOVERSION)
	}
	b.env.GOROOT = link
	b.gobin = filepath.Join(link, "bin", "go")
	if b.vars == nil {
		b.vars = os.Environ()
	}
	b.vars = append(slices.Clone(b.vars), "GOROOT="+link, "GOTOOLCHAIN=local")
	return nil
}

// goCommand runs the go command in the folder of the tests.
func (b *builder) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, b.gobin, args...)
	cmd.Dir = b.opts.Dir
	cmd.Env = b.vars
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if text := strings.TrimSpace(stderr.String() + stdout.String()); text != "" {
			return stdout.Bytes(), fmt.Errorf("go %s: %s", args[0], text)
		}
		return stdout.Bytes(), fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}

// targets lists the packages that the patterns name, and the files that call
// sync/atomic directly, rewritten, with what makes the build use them.
func (b *builder) targets(ctx context.Context) ([]target, map[string][]byte, error) {
	patterns := b.opts.Patterns
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	fields := "-json=ImportPath,Dir,ForTest,Standard,DepOnly,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Match,Imports,TestImports,XTestImports,Module,Error"
	args := append(append([]string{"list", "-e", "-deps", "-test", fields}, b.flags()...), "--")
	out, err := b.goCommand(ctx, append(args, patterns...)...)
	if err != nil {
		return nil, nil, err
	}
	var targets []target
	rewritten := map[string][]byte{}
	modules := map[string]module{}
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := dec.Decode(&p); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return nil, nil, fmt.Errorf("cannot read the output of go list: %w", err)
		}
		if !p.DepOnly && p.ForTest == "" && !strings.HasSuffix(p.ImportPath, ".test") {
			if p.Error != nil && len(p.GoFiles)+len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
				return nil, nil, &BuildError{p.ImportPath, p.Error.Err}
			}
			t := target{path: p.ImportPath, dir: p.Dir, tests: slices.Concat(p.TestGoFiles, p.XTestGoFiles)}
			if p.Module != nil {
				t.module = p.Module.Path
			}
			if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
				t.binary = b.binary(p.ImportPath, p.Dir)
			}
			targets = append(targets, t)
		}
		if path, _, _ := strings.Cut(p.ImportPath, " "); !p.Standard && !strings.HasSuffix(path, ".test") {
			if path = symbolPath(path); !slices.Contains(b.user, path) {
				b.user = append(b.user, path)
			}
		}
		if p.Standard || p.Dir == "" || !slices.Contains(slices.Concat(p.Imports, p.TestImports, p.XTestImports), "sync/atomic") {
			continue
		}
		var mod, link string
		if b.cached(p.Dir) {
			if p.Module == nil {
				continue
			}
			if link, err = b.outside(p.Module.Dir); err != nil {
				continue // no symbolic links here: its calls are no scheduling points
			}
			mod = p.Module.Dir
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles) {
			if !filepath.IsAbs(name) {
				name = filepath.Join(p.Dir, name)
			}
			if seen[name] || !strings.HasSuffix(name, ".go") {
				continue
			}
			seen[name] = true
			text, err := os.ReadFile(name)
			if err != nil {
				continue // the compiler says so better, or it is generated
			}
			// What does not parse is left to the compiler's message.
			changed, err := rewriteDirect(name, text)
			if err != nil || changed == nil {
				continue
			}
			if mod != "" {
				name = link + strings.TrimPrefix(name, mod)
				modules[link] = *p.Module
			}
			rewritten[name] = changed
		}
	}
	return targets, rewritten, b.takeOut(ctx, modules, rewritten)
}

// symbolPath is an import path as it stands in the names of functions: the linker
// has the dots of its last element escaped.
func symbolPath(path string) string {
	i := strings.LastIndexByte(path, '/') + 1
	return path[:i] + strings.ReplaceAll(path[i:], ".", "%2e")
}

// binary is where the test binary of a package is kept, so that the go command
// finds it up to date the next time.
func (b *builder) binary(path, dir string) string {
	h := sha256.New()
	fmt.Fprintln(h, path, dir, b.flags(), b.env.GOVERSION, b.env.GOFLAGS, b.env.GOEXPERIMENT, runtime.GOOS, runtime.GOARCH)
	name := hex.EncodeToString(h.Sum(nil)[:8]) + "-" + filepath.Base(path) + ".test"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(b.cache, "bin", name)
}

// userOverlay reads the overlay that GOFLAGS asks for, to be merged with ours:
// the go command takes only one.
func (b *builder) userOverlay() (map[string]string, error) {
	file := b.flag("overlay")
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(b.abs(file))
	if err != nil {
		return nil, fmt.Errorf("cannot read the -overlay of GOFLAGS: %w", err)
	}
	var o overlayFile
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, fmt.Errorf("cannot read the -overlay of GOFLAGS, %s: %w", file, err)
	}
	out := map[string]string{}
	for from, to := range o.Replace {
		out[b.abs(from)] = b.abs(to)
	}
	return out, nil
}

// build builds the test of t. overlay is the file that writeOverlay returned.
func (b *builder) build(ctx context.Context, t target, overlay string) error {
	if err := os.MkdirAll(filepath.Dir(t.binary), 0o777); err != nil {
		return fmt.Errorf("cannot keep the test binary: %w", err)
	}
	args := append([]string{"test", "-c", "-vet=off", "-o", t.binary}, b.flags()...)
	args = slices.DeleteFunc(args, func(f string) bool {
		return strings.HasPrefix(strings.TrimLeft(f, "-"), "overlay=")
	})
	args = append(args, "-overlay="+overlay)
	if t.path == "command-line-arguments" {
		args = append(args, b.opts.Patterns...) // a list of files
	} else {
		args = append(args, t.path)
	}
	defer builds.enter(t.binary, slices.Concat(b.flags(), ofBuilds(b.vars)))()
	cmd := exec.CommandContext(ctx, b.gobin, args...)
	cmd.Dir = b.opts.Dir
	cmd.Env = b.vars
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		if len(out) == 0 {
			out = []byte(err.Error())
		}
		return &BuildError{t.path, string(out)}
	}
	if _, err := os.Stat(t.binary); err != nil {
		return &BuildError{t.path, string(out)}
	}
	return nil
}
