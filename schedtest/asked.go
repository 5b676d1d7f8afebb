package schedtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
)

// raced builds test binaries with the race detector, for tests that a comment
// asks to prove in a run without it.
type raced struct {
	b       *builder
	overlay string
	built   map[string]error // by import path
}

func readDirectives(targets []target) error {
	var faults []error
	for i := range targets {
		faults = append(faults, targets[i].readDirectives())
	}
	return errors.Join(faults...)
}

// skipped is the result of a test that is not to be run.
func skipped(pkg, name string, asks directive) TestResult {
	return TestResult{Package: pkg, Test: name, Verdict: Passed, Skipped: true, Reason: "not run under chosen schedules: " + asks.skip}
}

// prover returns the session and the runner that prove a test of t which a comment
// asks to prove: with the race detector, whatever the run is without, for it is
// part of what proven means. The error may be a *BuildError.
func (s *session) prover(ctx context.Context, t target, asks directive, jobs string) (*session, *runner, error) {
	opts, in := *s.opts, *s
	in.opts = &opts
	opts.Time = cmp.Or(asks.time, opts.Time, TimeAny)
	opts.beProof()
	dir, err := os.MkdirTemp(jobs, "proof")
	if err != nil {
		return nil, nil, fmt.Errorf("no folder for the jobs: %w", err)
	}
	if s.opts.proving || s.opts.Race {
		return &in, &runner{opts: &opts, target: t, dir: dir, globals: &globals{binary: t.binary, user: in.b.user}}, nil
	}
	opts.Race = true
	if s.raced == nil {
		if s.raced, err = newRaced(ctx, *s.b, opts); err != nil {
			return nil, nil, err
		}
	}
	in.b = s.raced.b
	t.binary = in.b.binary(t.path, t.dir)
	err, ok := s.raced.built[t.path]
	if !ok {
		err = in.b.build(ctx, t, s.raced.overlay)
		s.raced.built[t.path] = err
	}
	return &in, &runner{opts: &opts, target: t, dir: dir, globals: &globals{binary: t.binary, user: in.b.user}}, err
}

func newRaced(ctx context.Context, b builder, opts Options) (*raced, error) {
	b.opts, b.user = &opts, nil
	_, rewritten, err := b.targets(ctx) // not those of a build without: race is a build tag
	if err != nil {
		return nil, err
	}
	theirs, err := b.userOverlay()
	if err != nil {
		return nil, err
	}
	overlay, err := writeOverlay(b.cache, b.env.GOROOT, b.std, rewritten, theirs)
	return &raced{b: &b, overlay: overlay, built: map[string]error{}}, err
}
