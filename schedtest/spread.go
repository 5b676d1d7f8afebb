package schedtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// spread.go is how the schedules of tests are run elsewhere: each place runs ranges of
// them, and tells which of these have passed. What has not passed is then run here, as
// if nothing had been run elsewhere; so whether it is a failure, which is the first,
// how it is confirmed and made small, is decided as for a run on one machine.
//
// A range is cut where a process has had its time. What is left is cut into more
// ranges, by how fast it went. So which ranges there are follows from what the
// processes told, and a run that goes on where another ended asks for the same ones.

// A stretch is a range of the schedules of one test that has passed elsewhere.
type stretch struct {
	from, to uint64
	o        *outcome // what it adds to the result
	long     int      // schedules in it that were given up
}

// ranges is what is known of one test.
type ranges struct {
	x      *exploration // for its jobs alone
	passed []stretch
	odd    []uint64      // where processes began that met what is not a pass
	first  uint64        // the least of odd
	used   time.Duration // of the time of the test
	system bool          // it needs the system's network
}

const none = ^uint64(0)

// A task is a range that is to be run.
type task struct {
	test        int
	from, count uint64
	first       bool // nothing is known of how fast it goes
}

// How long a place is at a range.
const (
	awayFirst = 400 * time.Millisecond
	awaySlice = 8 * time.Second
	awayAim   = 2 * time.Second // a range should take as long
	awayLeast = 20              // schedules in a range
)

// spreading runs ranges of the tests of one package elsewhere.
type spreading struct {
	s     *session
	r     *runner
	share uint64

	mu      sync.Mutex
	changed *sync.Cond
	tests   []*ranges
	tasks   []task // the first is next
	running int
	ran     uint64 // schedules, for who waits
	err     error
}

// spread runs the schedules of the tests elsewhere, and returns what is known then.
func (s *session) spread(ctx context.Context, t target, names []testName, r *runner, p plan) (map[string]*ranges, error) {
	w := &spreading{s: s, r: r, share: s.opts.share()}
	w.changed = sync.NewCond(&w.mu)
	known := map[string]*ranges{}
	for _, n := range names {
		if asks := t.asks[n.name]; asks.skip != "" || asks.prove {
			continue
		}
		x := &exploration{s: s, r: r, name: n.name, kind: p.kind, depth: p.depth, result: TestResult{Package: t.path, Test: n.name}, late: s.opts.Late}
		x.base = x.seeds()
		w.tasks = append(w.tasks, task{test: len(w.tests), count: w.share, first: true})
		known[n.name] = &ranges{x: x, first: none}
		w.tests = append(w.tests, known[n.name])
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(ctx, w.changed.Broadcast)()
	var wg sync.WaitGroup
	for i := range max(s.opts.Processes, 1) {
		wg.Go(func() {
			w.work(ctx, i+1)
			if w.err != nil {
				stop()
			}
		})
	}
	wg.Wait()
	if w.err == nil {
		w.err = ctx.Err()
	}
	for _, k := range w.tests {
		slices.SortFunc(k.passed, func(a, b stretch) int {
			if a.from < b.from {
				return -1
			}
			return 1
		})
		slices.Sort(k.odd)
	}
	return known, w.err
}

// work runs ranges, one after the other, until none is left.
func (w *spreading) work(ctx context.Context, place int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.tasks) == 0 && w.running > 0 && w.err == nil && ctx.Err() == nil {
			w.changed.Wait()
		}
		if len(w.tasks) == 0 || w.err != nil || ctx.Err() != nil {
			return
		}
		t := w.tasks[0]
		w.tasks = w.tasks[1:]
		k := w.tests[t.test]
		left := w.s.opts.Duration - k.used
		if left <= 0 || w.pointless(t) {
			continue
		}
		r := w.r.another(place)
		r.away, r.system = true, k.system
		slice := awaySlice
		if t.first {
			slice = awayFirst
		}
		w.running++
		w.mu.Unlock()
		j := k.x.job(t.from, t.count, min(left, slice), "")
		o, err := r.run(ctx, j, nil)
		w.mu.Lock()
		w.running--
		var lost *GivenUpError
		switch {
		case errors.As(err, &lost):
			k.strange(t.from) // it is run here
		case err != nil:
			if w.err == nil {
				w.err = err
			}
		default:
			k.system = k.system || r.system
			w.ran += o.ran
			w.s.progress(Progress{Package: w.r.target.path, Test: k.x.name, Phase: "explore", Schedules: int(w.ran), Total: int(w.ran)}, false)
			w.tasks = append(w.tasks, k.take(t, j, o, min(left, slice), w.share)...)
		}
		w.changed.Broadcast()
	}
}

// pointless reports whether a failure that comes before is known already.
func (w *spreading) pointless(t task) bool {
	if t.from > w.tests[t.test].first {
		return true
	}
	return w.s.opts.FailFast && slices.ContainsFunc(w.tests[:t.test], func(k *ranges) bool { return k.first != none })
}

func (k *ranges) strange(from uint64) {
	k.odd = append(k.odd, from)
	k.first = min(k.first, from)
}

// take notes what came of a range, and returns what is left of it, as more ranges.
func (k *ranges) take(t task, j *job, o *outcome, slice time.Duration, share uint64) (left []task) {
	k.used += o.took
	to := t.from + t.count
	s := stretch{from: t.from, to: to, o: o}
	warm := j.warm && o.ran == 1
	switch {
	case o.worn:
		to = max(t.from, o.index) + 1 // as exploration.explore goes on
	case o.word == "long" && !warm:
		s.long, to = 1, max(t.from, o.index)+1
	case o.word == "pass" && o.over:
	case o.word == "pass" && o.ran > 1:
		ran := o.ran - 1
		// Where the default schedule has nothing to choose, a process runs two and has done all.
		if ran < t.count && (ran != 2 || o.took >= slice) {
			to = t.from + ran
		}
	default:
		k.strange(t.from)
		return nil
	}
	s.to = min(to, s.to)
	if t.from > 0 {
		o.beginWithout()
	}
	k.passed = append(k.passed, s)
	rest := t.from + t.count - s.to
	if rest == 0 {
		return nil
	}
	each := max(uint64(float64(s.to-t.from)*float64(awayAim)/float64(max(o.took, time.Millisecond))), awayLeast)
	if !t.first {
		each = rest // it was one of many
	}
	for from := s.to; from < s.to+rest; from += each {
		left = append(left, task{test: t.test, from: from, count: min(each, s.to+rest-from)})
	}
	return left
}

// beginWithout leaves out the run that a process begins with, which one machine has once.
func (o *outcome) beginWithout() {
	if o.ran > 0 {
		o.allSteps -= min(o.allSteps, uint64(o.length))
		o.ran--
	}
	o.skips = min(o.skips, o.ran)
	if len(o.behaved) > 0 {
		o.behaved = o.behaved[1:]
	}
}

// next returns what is known at schedule n: a stretch that begins there, or where the
// next begins that is known, or that has to be run here.
func (k *ranges) next(n uint64) (s *stretch, then uint64) {
	if k == nil {
		return nil, none
	}
	then = none
	for i := range k.passed {
		p := &k.passed[i]
		switch {
		case p.from == n:
			return p, n
		case p.from > n:
			then = min(then, p.from)
		}
	}
	for _, at := range k.odd {
		if at > n {
			then = min(then, at)
		}
	}
	return nil, then
}

// isOdd reports whether a process that began there has met what is not a pass.
func (k *ranges) isOdd(n uint64) bool { return k != nil && slices.Contains(k.odd, n) }

// share is how many schedules each test gets.
func (o *Options) share() uint64 { return uint64(o.Schedules+o.Shards-1) / uint64(o.Shards) }

// seeds is what the seeds of the test's schedules begin with.
func (x *exploration) seeds() uint64 {
	base := x.s.opts.Seed
	for _, c := range x.result.Package + "." + x.name {
		base = strategy.Mix(base + uint64(c))
	}
	return base + uint64(x.s.opts.Shard)<<32 - 1<<32
}
