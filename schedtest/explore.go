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
	last    time.Time // of the progress shown
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
	if o.word != "pass" {
		s.report.Results = append(s.report.Results, TestResult{Package: t.path, Finding: s.setupFailure(o)})
		return nil
	}
	if len(o.names) == 0 {
		s.report.NoTests = append(s.report.NoTests, t.path)
		return nil
	}
	for _, n := range o.names {
		x := &exploration{s: s, r: r, name: n.name, kind: kind, depth: depth,
			result: TestResult{Package: t.path, Test: n.name}, origin: origin{s.b.env.GOROOT, t.path}, started: time.Now()}
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
	case o.word == "hang" || o.word == "outside":
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

// exploration is one test under many schedules.
type exploration struct {
	s       *session
	r       *runner
	name    string
	kind    strategy.Kind
	depth   uint32
	origin  origin
	result  TestResult
	long    int // schedules that were given up
	started time.Time
}

func (x *exploration) run(ctx context.Context, replay *Seed) error {
	if replay != nil {
		return x.replay(ctx, *replay)
	}
	opts := x.s.opts
	base := opts.Seed
	for _, c := range x.result.Package + "." + x.name {
		base = strategy.Mix(base + uint64(c))
	}
	base += uint64(opts.Shard)<<32 - 1<<32
	next, path := uint64(0), ""
	share := uint64(opts.Schedules+opts.Shards-1) / uint64(opts.Shards)
	for restarts := 0; ; restarts++ {
		left := opts.Duration - time.Since(x.started)
		if next >= share || left <= 0 {
			break
		}
		j := &job{mode: "explore", test: x.name, kind: x.kind, depth: x.depth, base: base, from: next, count: share - next,
			warm: true, duration: left, path: path, trace: x.kind == strategy.KindDFS}
		before := x.result.Schedules
		o, err := x.r.run(ctx, j, func(ran uint64) {
			x.result.Schedules = before + ran // for an interrupt
			x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "explore",
				Schedules: int(before + ran), Total: int(before + ran)}, false)
		})
		if err != nil {
			return err
		}
		x.result.Schedules = before + o.ran
		x.result.Steps += o.allSteps
		x.result.External = x.result.External || o.external
		x.result.Skipped = o.skips > 0 && o.skips == o.ran
		switch {
		case o.worn:
			next, path = o.index+1, o.path
			continue
		case o.word == "pass":
			x.result.Complete = o.complete
			if x.kind == strategy.KindDFS {
				x.result.Bound = bound(x.depth)
			}
		case o.word == "long":
			x.long++
			if o.ran > 1 || x.kind == strategy.KindDFS {
				next, path = o.index+1, o.path
				continue
			}
			// The default schedule is too long, and every process starts with it.
		default:
			return x.found(ctx, o)
		}
		break
	}
	if err := x.cold(ctx, base); err != nil || x.result.Finding != nil || x.long == 0 {
		return err
	}
	what := "one schedule"
	if x.long > 1 {
		what = fmt.Sprintf("each of %d schedules", x.long)
	}
	why := fmt.Sprintf("%s took more than %d steps and was given up: the test is long, or goes round in circles that could not be proven; use -short, or raise -max-steps", what, opts.MaxSteps)
	x.result.Complete = false
	if uint64(x.long)*2 > x.result.Schedules {
		x.result.Verdict, x.result.Reason = Undecided, why
	} else {
		x.note("%s", why)
	}
	return nil
}

// bound is how a search is limited that allows n preemptions. It is part of
// every claim that a search has seen all.
func bound(n uint32) string {
	switch n {
	case 0:
		return "no preemption and no goroutine late"
	case 1:
		return "at most one preemption and no goroutine late"
	case strategy.Unbounded:
		return "any number of preemptions and no goroutine late"
	}
	return fmt.Sprintf("at most %d preemptions and no goroutine late", n)
}

// coldRuns is how many schedules each test gets in a process that has not run
// it before, where what is made once in a process is not yet made.
const coldRuns = 8

func (x *exploration) cold(ctx context.Context, base uint64) error {
	if x.kind == strategy.KindDFS || x.result.Schedules < 20 {
		return nil // a test of one goroutine, or no time left
	}
	for i := range min(uint64(coldRuns), uint64(x.s.opts.Schedules)) {
		if time.Since(x.started) > x.s.opts.Duration {
			return nil
		}
		j := &job{mode: "explore", test: x.name, kind: x.kind, depth: x.depth, base: base ^ 0xc01d, from: i, count: 1,
			length: uint32(min(x.result.Steps/max(x.result.Schedules, 1), 1<<30))}
		o, err := x.r.run(ctx, j, nil)
		if err != nil {
			return err
		}
		x.result.Schedules += o.ran
		x.result.Steps += o.allSteps
		if o.word != "pass" && o.word != "long" {
			o.seed.Cold = true
			return x.found(ctx, o)
		}
	}
	return nil
}

func (x *exploration) note(format string, args ...any) {
	x.result.Notes = append(x.result.Notes, fmt.Sprintf(format, args...))
}

// replay runs the seed's schedule, each time in a process of its own.
func (x *exploration) replay(ctx context.Context, seed Seed) error {
	alike := &x.result.Replayed
	for i := range x.s.opts.Count {
		o, err := x.r.run(ctx, seed.job(x.name, i == 0), nil)
		if err != nil {
			return err
		}
		x.result.Schedules += o.ran
		x.result.Steps += o.allSteps
		f := x.result.Finding
		switch {
		case o.word == "pass":
			if i == 0 {
				x.note("the schedule %s passed", seed)
			}
		case o.word == "long":
			x.note("the schedule %s took more than %d steps and was given up", seed, x.s.opts.MaxSteps)
			return nil
		case f == nil:
			f = x.finding(o, seed)
			f.Exact, f.Original = true, f.Seed
			x.result.Finding = f
			*alike++
		case x.same(o, f.Kind):
			*alike++
		}
		x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "replay", Schedules: i + 1, Total: i + 1}, false)
	}
	if n := x.s.opts.Count; n > 1 && *alike > 0 {
		x.note("%d of %d processes failed this way", *alike, n)
		x.result.Finding.Exact = *alike == n
	}
	return nil
}

// job returns the job that runs the seed's schedule once.
func (s Seed) job(test string, trace bool) *job {
	j := &job{mode: "replay", test: test, kind: s.Kind, depth: s.Depth, length: s.Length, seed: s.Value, count: 1, warm: !s.Cold, trace: trace}
	if s.Kind == strategy.KindSwitches {
		j.seeds, j.tries = []uint64{s.Value}, [][]strategy.Switch{s.Switches}
		j.choices = s.Choices
	}
	return j
}

// found makes a finding of o: it runs the schedule again in a new process,
// with every step recorded, and looks for a shorter one.
func (x *exploration) found(ctx context.Context, o *outcome) error {
	opts := x.s.opts
	first := x.finding(o, o.seed)
	first.Schedule = x.result.Schedules
	x.result.Finding = first
	seed := o.seed
	if seed.Kind == strategy.KindDFS {
		// A DFS's schedule is where its search stands: write it down as switches.
		seed = Seed{Kind: strategy.KindSwitches, Value: seed.Value, Switches: switches(o.events), Choices: choices(o.events)}
		first = x.finding(o, seed)
		first.Schedule = x.result.Schedules
		x.result.Finding = first
	}
	traced, err := x.r.run(ctx, seed.job(x.name, true), nil)
	if err != nil {
		return err
	}
	if !x.same(traced, first.Kind) {
		// It may need what earlier schedules left in the process.
		first.Exact = false
		x.note("the failure did not come back in a new process: it depends on more than the schedule, such as what earlier schedules left behind, real time or the outside")
		return nil
	}
	exact := x.finding(traced, seed)
	exact.Schedule, exact.Exact, exact.Original = first.Schedule, true, seed.String()
	x.result.Finding = exact
	if opts.NoMinimize || len(traced.events) == 0 {
		return nil
	}
	return x.minimize(ctx, traced, seed)
}

// same reports whether o is a failure of the given kind.
func (x *exploration) same(o *outcome, kind Kind) bool {
	return o.word != "pass" && o.word != "long" && x.kindOf(o) == kind
}

func (x *exploration) replayCommand(seed Seed) string {
	race := ""
	if x.s.opts.Race {
		race = "-race "
	}
	return fmt.Sprintf("fearless test %s-run '^%s$' -replay '%s' %s", race, x.name, seed, x.result.Package)
}
