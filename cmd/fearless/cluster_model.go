package main

import (
	"bytes"
	"cmp"
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
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/internal/pieces"
)

// A sharedModel is a run of "fearless model" that workers share: the test binaries
// are built here, and the checks explored there. At the end each binary runs once
// more, here, and reports what all have found, as if it had explored everything.
type sharedModel struct {
	f        *modelFlags
	std      stdio
	work     string // a folder
	packages []*modelPackage
	checks   map[string]*pieces.Result // by package and check
	conn     *cluster.Conn
	began    time.Time
}

type modelPackage struct {
	path, dir string
	binary    string // its file
	name      string // of the file, as the cluster knows it
}

// share is test for work that is shared.
func (f *modelFlags) share(ctx context.Context, patterns []string, std stdio) error {
	work, err := os.MkdirTemp("", "fearless-model")
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	defer os.RemoveAll(work)
	m := &sharedModel{f: f, std: std, work: work, checks: map[string]*pieces.Result{}, began: time.Now()}
	// A server that is not there is known before anything is built.
	conn, working, end, err := f.spread.join(ctx, std)
	if err != nil {
		return clusterError("model", err)
	}
	defer end()
	m.conn = conn
	if err := m.build(ctx, patterns); err != nil {
		return err
	}
	coordinator, err := m.explore(working)
	if err != nil {
		if ctx.Err() != nil {
			if f.spread.workers > 0 {
				return errors.New("model: interrupted")
			}
			return errors.New("model: interrupted: the same command goes on where it was")
		}
		if cause := context.Cause(working); cause != nil {
			err = cause
		}
		return clusterError("model", fmt.Errorf("model: %w", err))
	}
	failed := 0
	for _, r := range m.checks {
		if r.Failure != nil {
			failed++
		}
	}
	m.tell(coordinator.Run)
	if err := coordinator.Finish(ctx, failed); err != nil {
		fmt.Fprintf(std.err, "fearless: %v\n", err) // the results are here
	}
	return m.report(ctx)
}

// tell says how the work was shared.
func (m *sharedModel) tell(r cluster.Run) {
	var took time.Duration
	for _, c := range m.checks {
		took += c.Elapsed
	}
	out := m.std.out
	if m.f.json {
		out = m.std.err
	}
	fmt.Fprintf(out, "model: %d pieces, %.1f s of exploring, in %.1f s\n", r.Pieces, took.Seconds(), time.Since(m.began).Seconds())
}

func (m *sharedModel) build(ctx context.Context, patterns []string) error {
	paths, err := m.f.usingModel(ctx, patterns, m.std)
	if err != nil {
		return err
	}
	for i, path := range paths {
		p := &modelPackage{path: path, binary: filepath.Join(m.work, fmt.Sprintf("p%d.test", i))}
		if os.PathSeparator == '\\' {
			p.binary += ".exe"
		}
		dir, err := m.command(ctx, "go", "list", "-tags", "fearless_model", "-f", "{{.Dir}}", "--", path).Output()
		if err != nil {
			return usagef("model: go list %s: %w", path, err)
		}
		p.dir = strings.TrimSpace(string(dir))
		build := m.command(ctx, "go", "test", "-c", "-tags", "fearless_model", "-o", p.binary, path)
		if text, err := build.CombinedOutput(); err != nil {
			m.std.out.Write(text) //nolint:errcheck // checkedWriter has it
			if ctx.Err() != nil {
				return errors.New("model: interrupted")
			}
			return usagef("model: the test of %s does not build with the tag fearless_model: mend what go test says above", path)
		}
		if _, err := os.Stat(p.binary); err != nil {
			continue // it has no tests
		}
		if p.name, err = m.conn.PutFile(ctx, p.binary); err != nil {
			return clusterError("model", err)
		}
		m.packages = append(m.packages, p)
	}
	return nil
}

func (m *sharedModel) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = m.f.dir
	return cmd
}

// explore has the workers explore all checks.
func (m *sharedModel) explore(ctx context.Context) (*cluster.Coordinator, error) {
	h := sha256.New()
	fmt.Fprintf(h, "model %q %q", thisSystem(), m.explorationFlags())
	top, below, nested := strings.Cut(m.f.run, "/")
	var roots []cluster.Piece
	for i, p := range m.packages {
		fmt.Fprintf(h, " %s %s", p.path, p.name)
		list := m.command(ctx, p.binary, "-test.list="+cmp.Or(top, "."))
		list.Dir = p.dir
		names, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("the tests of %s cannot be listed: %w", p.path, err)
		}
		for test := range strings.Lines(string(names)) {
			test = strings.TrimSpace(test)
			if !strings.HasPrefix(test, "Test") {
				continue
			}
			run := exactly(test)
			if nested {
				run += "/" + below
			}
			fmt.Fprintf(h, " %s", run)
			work, err := json.Marshal(modelWork{pieceKind: pieceKind{"model"}, Dir: p.dir, Run: run, Flags: m.explorationFlags()})
			if err != nil {
				return nil, err
			}
			roots = append(roots, cluster.Piece{Name: fmt.Sprintf("%d_%d", i, len(roots)), Title: p.path + "." + test, Binary: p.name, Work: work})
		}
	}
	name := hex.EncodeToString(h.Sum(nil)[:8])
	bar := newProgress(m.std.err, 100*time.Millisecond, "explore")
	defer bar.finish()
	c := &cluster.Coordinator{Conn: m.conn, Log: logTo(bar.around(m.std.err)), Take: m.take,
		Run: cluster.Run{Name: name, Title: "model " + m.packages[0].path, System: thisSystem()},
		Progress: func(r cluster.Run) {
			bar.say("explore: %d pieces done, %d left", r.Pieces, r.Left)
		}}
	return c, c.Explore(ctx, roots)
}

// explorationFlags are the flags of the test binary that change what is explored.
func (m *sharedModel) explorationFlags() []string {
	var args []string
	for _, o := range []struct{ name, value string }{{"memory", m.f.memory}, {"locks", m.f.locks}} {
		if o.value != "" {
			args = append(args, "-model."+o.name+"="+o.value)
		}
	}
	for _, o := range []struct {
		name  string
		value int
	}{{"bound", m.f.bound}, {"unroll", m.f.unroll}} {
		if o.value > 0 {
			args = append(args, fmt.Sprintf("-model.%s=%d", o.name, o.value))
		}
	}
	return args
}

// take adds a result to what is known of its check.
func (m *sharedModel) take(p cluster.Piece, r *cluster.Result) (func(cluster.Piece) bool, error) {
	if r.GaveUp != "" {
		return nil, m.lost(p)
	}
	var list []pieces.Result
	if err := json.Unmarshal(r.Outcome, &list); err != nil {
		return nil, fmt.Errorf("the result of piece %s cannot be read: %w", r.Piece, err)
	}
	failed := false
	for i := range list {
		sum := m.check(r.Binary, list[i].Check)
		sum.Add(&list[i])
		failed = failed || list[i].Failure != nil
	}
	if !failed && !m.anyFailed(r.Binary, list) {
		return nil, nil
	}
	return func(p cluster.Piece) bool {
		var w modelWork
		return json.Unmarshal(p.Work, &w) == nil && w.Check != "" && m.check(p.Binary, w.Check).Pointless(w.First)
	}, nil
}

func (m *sharedModel) anyFailed(binary string, list []pieces.Result) bool {
	return slices.ContainsFunc(list, func(r pieces.Result) bool { return m.check(binary, r.Check).Failure != nil })
}

func (m *sharedModel) check(binary, check string) *pieces.Result {
	key := binary + " " + check
	if m.checks[key] == nil {
		m.checks[key] = &pieces.Result{Check: check}
	}
	return m.checks[key]
}

// lost notes a piece that nobody could do.
func (m *sharedModel) lost(p cluster.Piece) error {
	var w modelWork
	if err := json.Unmarshal(p.Work, &w); err != nil {
		return fmt.Errorf("piece %s cannot be read: %w", p.Name, err)
	}
	if w.Check == "" {
		return nil // nothing is known of its checks: so they are explored here, in the end
	}
	m.check(p.Binary, w.Check).Lost++
	return nil
}

// report runs the binaries once more, here.
func (m *sharedModel) report(ctx context.Context) error {
	report := filepath.Join(m.work, "report")
	args, err := m.f.testFlags(report)
	if err != nil {
		return err
	}
	bar := newProgress(m.std.err, 200*time.Millisecond, "report")
	defer bar.finish()
	out := bar.around(m.std.out)
	if m.f.json {
		out = bar.around(m.std.err)
	}
	failed := false
	stop := m.f.watch(report, bar)
	for i, p := range m.packages {
		job := pieces.Job{Mode: pieces.Whole, Dir: filepath.Join(m.work, fmt.Sprintf("whole%d", i))}
		file := job.Dir + ".job"
		if err := m.write(p, &job, file); err != nil {
			return err
		}
		ok, err := m.runTests(ctx, p, append([]string{"-model.piece=" + file}, args...), out)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	results := stop()
	if m.f.json {
		if err := printModelJSON(results, m.std.out); err != nil {
			return err
		}
	} else {
		m.f.summarize(results, m.std.out)
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("model: interrupted")
	case failed:
		return errReported
	case slices.ContainsFunc(results, modelLine.undecided):
		return errUndecided
	}
	return nil
}

// write writes what is known of the package's checks for its test binary.
func (m *sharedModel) write(p *modelPackage, job *pieces.Job, file string) error {
	data, err := json.Marshal(job)
	if err == nil {
		err = errors.Join(os.MkdirAll(job.Dir, 0o777), os.WriteFile(file, data, 0o666))
	}
	for key, c := range m.checks {
		if binary, _, _ := strings.Cut(key, " "); binary != p.name || err != nil {
			continue
		}
		// Checks of which only a part is known, because the rest cannot be handed out, are not there.
		if data, err = json.Marshal(c); err == nil {
			err = os.WriteFile(job.File(c.Check), data, 0o666)
		}
	}
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	return nil
}

// runTests runs the tests of a package, and prints what go test would print.
func (m *sharedModel) runTests(ctx context.Context, p *modelPackage, args []string, out io.Writer) (ok bool, err error) {
	run := []string{"-test.timeout=" + m.f.timeout.String()}
	if m.f.run != "" {
		run = append(run, "-test.run="+m.f.run)
	}
	if m.f.verbose {
		run = append(run, "-test.v")
	}
	var text bytes.Buffer
	cmd := m.command(ctx, p.binary, append(run, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = p.dir, &text, &text, 2*time.Second
	start := time.Now()
	err = cmd.Run()
	took := time.Since(start).Seconds()
	var exit *exec.ExitError
	switch {
	case err == nil:
		if m.f.verbose {
			out.Write(text.Bytes()) //nolint:errcheck // checkedWriter has it
		}
		fmt.Fprintf(out, "ok  \t%s\t%.3fs\n", p.path, took)
		return true, nil
	case errors.As(err, &exit):
		out.Write(text.Bytes()) //nolint:errcheck // checkedWriter has it
		fmt.Fprintf(out, "FAIL\t%s\t%.3fs\n", p.path, took)
		return false, nil
	}
	return false, fmt.Errorf("model: the test of %s does not run: %w", p.path, err)
}
