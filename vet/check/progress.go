package check

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Progress is how far a Run has come.
type Progress struct {
	// Done are the packages of the patterns that are checked, and Of how many
	// there are; 0 as long as that is not known. Tests in a package of their own,
	// as package p_test, are one more.
	Done, Of int
	// Read are the packages that were read because others import them, and are
	// not in the go command's cache.
	Read int
	// Package is the one that was begun last, "" while the go command compiles.
	Package string
}

// progressFile names, in the environment of a vet tool, the file to which it
// adds the package that it begins with. It says nothing about what is found, so
// the go command's cache need not know of it.
const progressFile = "FEARLESS_VET_PROGRESS"

// begun adds a line about the package with path to the file that the environment
// names. Several tools write at once: each of them a line in one piece. It is only
// for a reader who waits, so that nothing depends on whether it can be written.
func begun(path string, factsOnly bool) {
	name := os.Getenv(progressFile)
	if name == "" {
		return
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	what := "check"
	if factsOnly {
		what = "read"
	}
	fmt.Fprintf(file, "%s %s\n", what, path)
}

// A watcher tells of a Run's progress until it is stopped.
type watcher struct {
	tell func(Progress)
	dir  string // of the file that the tools write to
	quit chan struct{}
	wg   sync.WaitGroup

	mu     sync.Mutex
	now    Progress
	begins bool // what the go command prints next begins a line
}

// watch begins to tell of the progress of a run with opts, if that is asked for.
func watch(ctx context.Context, opts Options) *watcher {
	w := &watcher{tell: opts.Progress, quit: make(chan struct{}), begins: true}
	if w.tell == nil {
		return w
	}
	dir, err := os.MkdirTemp("", "fearless-vet")
	if err != nil {
		w.tell = nil // it goes without
		return w
	}
	w.dir = dir
	if err := os.WriteFile(w.file(), nil, 0o600); err != nil {
		return w // it tells nothing
	}
	w.wg.Go(func() { w.count(ctx, opts) })
	w.wg.Go(func() {
		for t := time.NewTicker(100 * time.Millisecond); ; {
			select {
			case <-w.quit:
				t.Stop()
				return
			case <-t.C:
				w.told()
			}
		}
	})
	return w
}

func (w *watcher) file() string { return filepath.Join(w.dir, "begun") }

// environ is what the tools are to have in their environment.
func (w *watcher) environ() []string {
	if w.dir == "" {
		return nil
	}
	return []string{progressFile + "=" + w.file()}
}

// sizeFormat is a line for each package that is checked: one, with the tests that
// are in it, and one for the tests that stand beside it.
const sizeFormat = `{{if or .GoFiles .CgoFiles .TestGoFiles}}p
{{end}}{{if .XTestGoFiles}}t
{{end}}`

// count finds out how many packages there are, beside the run.
func (w *watcher) count(ctx context.Context, opts Options) {
	args := []string{"list", "-e", "-f", sizeFormat}
	if opts.Tags != "" {
		args = append(args, "-tags="+opts.Tags)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.wg.Go(func() { // a run that is over does not wait for its size
		select {
		case <-w.quit:
			cancel()
		case <-ctx.Done():
		}
	})
	out, _, _, err := goCommand(ctx, opts.Dir, nil, nil, append(append(args, "--"), opts.Patterns...)...)
	if err != nil {
		return
	}
	w.mu.Lock()
	w.now.Of = bytes.Count(out, []byte("p")) + bytes.Count(out, []byte("t"))
	w.mu.Unlock()
}

// Write sees what the go command prints: an object for each package that is
// checked. Only its first brace stands at the beginning of a line and is not the end.
func (w *watcher) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range text {
		if w.begins && b == '{' {
			w.now.Done++
		}
		w.begins = b == '\n'
	}
	return len(text), nil
}

// told reads what the tools have written, and tells of it.
func (w *watcher) told() {
	text, err := os.ReadFile(w.file())
	if err != nil {
		return
	}
	w.mu.Lock()
	w.now.Read = bytes.Count(text, []byte("read "))
	if lines := strings.Split(strings.TrimSpace(string(text)), "\n"); len(lines) > 0 {
		_, w.now.Package, _ = strings.Cut(lines[len(lines)-1], " ")
	}
	now := w.now
	w.mu.Unlock()
	w.tell(now)
}

// stop tells of the end, and ends it.
func (w *watcher) stop() {
	close(w.quit)
	w.wg.Wait()
	if w.dir != "" {
		w.told()
		os.RemoveAll(w.dir)
	}
}
