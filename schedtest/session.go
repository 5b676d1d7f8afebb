package schedtest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// session is one Run, or, in it, the tests of one package.
type session struct {
	opts    *Options
	b       *builder
	report  *Report
	started time.Time
	raced   *raced // nil until a comment asks for a proof in a run without the race detector
	source  sourceCalls
	shared  *shared
	known   map[string]*ranges // what is known of the tests of a package from elsewhere

	deadline time.Time // of a package's tests; zero if there is none
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
	if err := s.opts.checkNet(); err != nil {
		return nil, err
	}
	s.source, s.shared = sourceCalls{}, &shared{}
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
	err = s.packages(ctx, targets, plan{overlay, dir, kind, depth, replay})
	s.report.Elapsed = time.Since(s.started)
	return s.report, err
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
	if s.opts.Progress == nil {
		return
	}
	c := s.shared
	c.mu.Lock()
	defer c.mu.Unlock()
	if !always && time.Since(c.last) < 80*time.Millisecond {
		return
	}
	c.last = time.Now()
	p.Elapsed = time.Since(s.started)
	p.Total += int(c.total.Load())
	p.Of = s.opts.Schedules
	p.Findings = int(c.failed.Load())
	s.opts.Progress(p)
}
