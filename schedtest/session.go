package schedtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// session is one Run.
type session struct {
	opts    *Options
	b       *builder
	report  *Report
	started time.Time
	total   int
	raced   *raced    // nil until a comment asks for a proof in a run without the race detector
	last    time.Time // of the progress shown
	source  sourceCalls
}

func (s *session) run(ctx context.Context) (*Report, error) {
	kind, depth, err := parseStrategy(s.opts.Strategy)
	if err != nil {
		return nil, err
	}
	var replay *Seed
	if s.opts.Replay != "" {
		seed, err := ParseSeed(s.opts.Replay)
		if err != nil {
			return nil, err
		}
		replay = &seed
	}
	if s.opts.Shard < 1 || s.opts.Shard > s.opts.Shards {
		return nil, fmt.Errorf("shard %d/%d: the first number must be from 1 to the second", s.opts.Shard, s.opts.Shards)
	}
	s.source = sourceCalls{}
	if s.b, err = newBuilder(ctx, s.opts); err != nil {
		return nil, err
	}
	s.report = &Report{Go: s.b.env.GOVERSION, Race: s.opts.Race, Strategy: s.strategyName()}
	if s.opts.Shards > 1 {
		s.report.Shards = []string{fmt.Sprintf("%d/%d", s.opts.Shard, s.opts.Shards)}
	}
	s.progress(Progress{Phase: "build"}, true)
	targets, rewritten, err := s.b.targets(ctx)
	if err != nil {
		return nil, err
	}
	if err := readDirectives(targets); err != nil {
		return nil, err
	}
	theirs, err := s.b.userOverlay()
	if err != nil {
		return nil, err
	}
	overlay, err := writeOverlay(s.b.cache, s.b.env.GOROOT, s.b.std, rewritten, theirs)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "fearless-test-")
	if err != nil {
		return nil, fmt.Errorf("no folder for the jobs: %w", err)
	}
	defer os.RemoveAll(dir)
	for _, t := range targets {
		err := s.pkg(ctx, t, overlay, dir, kind, depth, replay)
		if ctx.Err() != nil {
			s.report.Interrupted = true
			break
		}
		if err != nil {
			s.report.Elapsed = time.Since(s.started)
			return s.report, err
		}
	}
	s.report.Elapsed = time.Since(s.started)
	return s.report, nil
}

func (s *session) strategyName() string {
	if s.opts.Strategy == "" {
		return "portfolio"
	}
	return s.opts.Strategy
}

func parseStrategy(text string) (kind strategy.Kind, depth uint32, err error) {
	name, arg, has := strings.Cut(text, ":")
	n := uint64(0)
	if has {
		if n, err = strconv.ParseUint(arg, 10, 8); err != nil {
			return 0, 0, fmt.Errorf("strategy %q: %q is not a number up to 255", text, arg)
		}
	}
	switch {
	case name == "" || name == "portfolio" && !has:
		return kindPortfolio, 0, nil
	case name == "random" && !has:
		return strategy.KindRandom, 0, nil
	case name == "pos" && !has:
		return strategy.KindPOS, 0, nil
	case name == "pct":
		if !has {
			n = 3
		}
		return strategy.KindPCT, uint32(n), nil
	case name == "dfs":
		if !has {
			n = 2
		}
		return strategy.KindDFS, uint32(n), nil
	}
	return 0, 0, fmt.Errorf("strategy %q: use portfolio, random, pos, pct, pct:DEPTH, dfs or dfs:BOUND", text)
}

// pkg runs the tests of one package. Its error ends the whole run.
func (s *session) pkg(ctx context.Context, t target, overlay, dir string, kind strategy.Kind, depth uint32, replay *Seed) error {
	if t.binary == "" {
		s.report.NoTests = append(s.report.NoTests, t.path)
		return nil
	}
	s.progress(Progress{Package: t.path, Phase: "build"}, true)
	if err := s.b.build(ctx, t, overlay); err != nil {
		var build *BuildError
		if errors.As(err, &build) {
			s.report.Results = append(s.report.Results, TestResult{Package: t.path, Finding: &Finding{
				Kind: BuildFailure, Message: "does not build", Output: build.Output, Exact: true,
			}})
			return nil
		}
		return err
	}
	jobs := filepath.Join(dir, fmt.Sprint(len(s.report.Results)+len(s.report.NoTests)))
	if err := os.MkdirAll(jobs, 0o777); err != nil {
		return fmt.Errorf("no folder for the jobs: %w", err)
	}
	r := &runner{opts: s.opts, target: t, dir: jobs}
	o, err := r.run(ctx, &job{mode: "list"}, nil)
	if err != nil {
		return err
	}
	if o.word == "outside" {
		s.report.Results = append(s.report.Results, TestResult{Package: t.path, Verdict: Unsuitable,
			Reason: fmt.Sprintf("init or TestMain waited for %v for something outside the program", outsideFactor*s.opts.Stall)})
		return nil
	}
	if o.word != "pass" {
		s.report.Results = append(s.report.Results, TestResult{Package: t.path, Finding: s.setupFailure(o)})
		return nil
	}
	if len(o.names) == 0 {
		s.report.NoTests = append(s.report.NoTests, t.path)
		return nil
	}
	for _, n := range o.names {
		asks := t.asks[n.name]
		if asks.skip != "" && replay == nil {
			s.report.Results = append(s.report.Results, skipped(t.path, n.name, asks))
			continue
		}
		in, with := s, r
		if asks.prove && replay == nil {
			var build *BuildError
			if in, with, err = s.prover(ctx, t, asks, jobs); errors.As(err, &build) {
				s.report.Results = append(s.report.Results, TestResult{Package: t.path, Test: n.name, MustProve: true, Verdict: Undecided,
					Reason: "it does not build with the race detector, which a proof needs: " + build.Output})
				continue
			} else if err != nil {
				return err
			}
		}
		x := &exploration{s: in, r: with, name: n.name, kind: kind, depth: depth,
			result: TestResult{Package: t.path, Test: n.name, MustProve: asks.prove && replay == nil}, origin: origin{s.b.env.GOROOT, t.path, t.module, s.b.env.GOMODCACHE}, source: s.source, user: in.b.user, started: time.Now()}
		err := x.run(ctx, replay)
		x.result.Verdict = x.result.verdict()
		x.result.Elapsed = time.Since(x.started)
		s.total += int(x.result.Schedules)
		if x.result.Schedules > 0 || x.result.Finding != nil {
			s.report.Results = append(s.report.Results, x.result)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *session) setupFailure(o *outcome) *Finding {
	f := &Finding{Kind: SetupFailure, Output: o.console, Exact: true}
	switch _, line := classify(o.console); {
	case line != "":
		f.Message = line
	case o.word == "hang":
		f.Message = "init or TestMain does not come to an end"
	case o.code != 0:
		f.Message = fmt.Sprintf("the process ended with status %d before the tests", o.code)
	default:
		f.Message = "TestMain does not call m.Run"
	}
	return f
}

// progress shows p, unless another was shown just before.
func (s *session) progress(p Progress, always bool) {
	if s.opts.Progress == nil || !always && time.Since(s.last) < 80*time.Millisecond {
		return
	}
	s.last = time.Now()
	p.Elapsed = time.Since(s.started)
	p.Total += s.total
	p.Of = s.opts.Schedules
	if s.report != nil {
		for i := range s.report.Results {
			if s.report.Results[i].Finding != nil {
				p.Findings++
			}
		}
	}
	s.opts.Progress(p)
}
