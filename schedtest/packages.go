package schedtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// shared is what the packages of a run share, which run beside each other.
type shared struct {
	total  atomic.Int64 // schedules of the tests that are done
	failed atomic.Int64 // findings that fail the run

	mu   sync.Mutex
	last time.Time // of the progress shown
}

// A plan is how each test of a run is explored.
type plan struct {
	overlay string
	dir     string // for jobs
	kind    strategy.Kind
	depth   uint32
	replay  *Seed
}

// packages runs the tests of the targets, as many packages at once as the
// options allow, and puts the results into the report in the order of targets.
func (s *session) packages(ctx context.Context, targets []target, p plan) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	limit := make(chan struct{}, s.opts.Packages)
	parts := make([]*session, len(targets))
	faults := make([]error, len(targets))
	for i, t := range targets {
		limit <- struct{}{}
		if inner.Err() != nil {
			break
		}
		part := &session{opts: s.opts, b: s.b, report: &Report{}, started: s.started, source: sourceCalls{}, shared: s.shared}
		parts[i] = part
		wg.Go(func() {
			defer func() { <-limit }()
			if faults[i] = part.pkg(inner, t, p); faults[i] != nil && inner.Err() == nil {
				stop()
			}
		})
	}
	wg.Wait()
	for _, part := range parts {
		if part == nil {
			continue
		}
		s.report.Results = append(s.report.Results, part.report.Results...)
		s.report.NoTests = append(s.report.NoTests, part.report.NoTests...)
		s.report.Coverage = append(s.report.Coverage, part.report.Coverage...)
		s.report.LeftOut = s.report.LeftOut || part.report.LeftOut
		s.report.blocks.add(part.report.blocks)
	}
	if ctx.Err() != nil {
		s.report.Interrupted = true
		return nil
	}
	for _, err := range faults {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return nil
}

// pkg runs the tests of one package. Its error ends the whole run.
func (s *session) pkg(ctx context.Context, t target, p plan) error {
	if t.binary == "" {
		s.report.NoTests = append(s.report.NoTests, t.path)
		return nil
	}
	if s.leaveOut() {
		return nil
	}
	s.progress(Progress{Package: t.path, Phase: "build"}, true)
	if err := s.b.build(ctx, t, p.overlay); err != nil {
		var build *BuildError
		if errors.As(err, &build) {
			s.add(TestResult{Package: t.path, Finding: &Finding{
				Kind: BuildFailure, Message: "does not build", Output: build.Output, Exact: true,
			}})
			return nil
		}
		return err
	}
	jobs, err := os.MkdirTemp(p.dir, "package")
	if err != nil {
		return fmt.Errorf("no folder for the jobs: %w", err)
	}
	if s.opts.Timeout > 0 {
		s.deadline = time.Now().Add(s.opts.Timeout)
	}
	r := &runner{opts: s.opts, target: t, dir: jobs, globals: &globals{binary: t.binary, user: s.b.user}}
	o, err := r.run(ctx, &job{mode: "list"}, nil)
	switch {
	case err != nil:
		return err
	case o.word == "outside":
		s.add(TestResult{Package: t.path, Verdict: Unsuitable,
			Reason: fmt.Sprintf("init or TestMain waited for %v for something outside the program", outsideFactor*s.opts.Stall)})
		return nil
	case o.word != "pass":
		s.add(TestResult{Package: t.path, Finding: s.setupFailure(o)})
		return nil
	case len(o.names) == 0:
		s.report.NoTests = append(s.report.NoTests, t.path)
		return nil
	}
	if s.opts.Elsewhere != nil && !s.opts.proving && p.replay == nil {
		if s.known, err = s.spread(ctx, t, o.names, r, p); err != nil {
			return err
		}
	}
	for _, n := range o.names {
		if s.leaveOut() {
			break
		}
		if err := s.test(ctx, t, n.name, r, p); err != nil {
			return err
		}
	}
	s.cover(t.path, r.covered)
	return nil
}

// leaveOut reports whether what is left of the tests is not run.
func (s *session) leaveOut() bool {
	left := s.opts.FailFast && s.shared.failed.Load() > 0
	s.report.LeftOut = s.report.LeftOut || left
	return left
}

// add adds a result to the report.
func (s *session) add(t TestResult) {
	if t.Finding != nil {
		s.shared.failed.Add(1)
	}
	s.report.Results = append(s.report.Results, t)
}

// test runs one test of t by r, as p says or as a comment above it asks for.
func (s *session) test(ctx context.Context, t target, name string, r *runner, p plan) error {
	asks := t.asks[name]
	if asks.skip != "" && p.replay == nil {
		s.add(skipped(t.path, name, asks))
		return nil
	}
	if !s.deadline.IsZero() && !time.Now().Before(s.deadline) {
		s.add(TestResult{Package: t.path, Test: name, Verdict: Undecided,
			Reason: fmt.Sprintf("not run: the -timeout %v of its package was over", s.opts.Timeout)})
		return nil
	}
	in, with := s, r
	mustProve := asks.prove && p.replay == nil
	if mustProve {
		var build *BuildError
		var err error
		if in, with, err = s.prover(ctx, t, asks, r.dir); errors.As(err, &build) {
			s.add(TestResult{Package: t.path, Test: name, MustProve: true, Verdict: Undecided,
				Reason: "it does not build with the race detector, which a proof needs: " + build.Output})
			return nil
		} else if err != nil {
			return err
		}
	}
	x := &exploration{s: in, r: with, name: name, kind: p.kind, depth: p.depth,
		result: TestResult{Package: t.path, Test: name, MustProve: mustProve},
		origin: origin{s.b.env.GOROOT, t.path, t.module, s.b.env.GOMODCACHE}, source: s.source, started: time.Now()}
	x.until = x.started.Add(s.opts.Duration)
	if !s.deadline.IsZero() && s.deadline.Before(x.until) {
		x.until, x.hurried = s.deadline, true
	}
	with.system = false
	if k := s.known[name]; k != nil && !mustProve {
		x.known, with.system = k, k.system
		x.started = x.started.Add(-k.used)
		x.until = x.started.Add(s.opts.Duration)
	}
	err := x.run(ctx, p.replay)
	if with.system {
		x.note("it can be met from outside (it starts a process beside a listener, or asks for a socket's file descriptor), so its network is the system's, as with -net real")
	}
	x.result.Verdict = x.result.verdict()
	x.result.Elapsed = time.Since(x.started)
	s.shared.total.Add(int64(x.result.Schedules))
	// A proof may end before an execution does, and a schedule be given up: that is undecided.
	if x.result.Schedules > 0 || x.result.Finding != nil || err == nil && (x.result.Proof != nil || x.result.Reason != "") {
		s.add(x.result)
	}
	return err
}
