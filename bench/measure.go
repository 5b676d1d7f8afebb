package bench

import (
	"context"
	"math"
	"regexp"
	"runtime"
	"slices"
	"time"
)

// Options say what to measure and how long. The zero Options measure everything.
type Options struct {
	// Run selects cases by name; nil selects all.
	Run *regexp.Regexp
	// Quick takes fewer and shorter rounds: under a minute in all.
	Quick bool
	// Runs is how often everything is measured; a result is the median. 0 is once.
	Runs int
	// Progress, if set, is called before each case.
	Progress func(done, all int, name string)
}

// Rounds are short, so that a preemption or a neighbour of the machine spoils
// few of them, and many, so that the median does not see those.
type effort struct {
	rounds  int
	length  time.Duration // of a round of one subject
	samples int           // of a subject that takes samples
}

func (o Options) effort() effort {
	if o.Quick {
		return effort{rounds: 11, length: 400 * time.Microsecond, samples: 3}
	}
	return effort{rounds: 41, length: time.Millisecond, samples: 7}
}

// Selected returns the cases that o selects.
func (o Options) Selected() []Case {
	return slices.DeleteFunc(Cases(), func(c Case) bool { return o.Run != nil && !o.Run.MatchString(c.Name) })
}

// Measure measures the selected cases. If ctx is done first, it returns its error,
// and a report of the cases that were measured until then.
func Measure(ctx context.Context, o Options) (*Report, error) {
	cases, runs := o.Selected(), max(o.Runs, 1)
	all := make([][]Result, len(cases))
measuring:
	for run := range runs {
		for i, c := range cases {
			if o.Progress != nil && ctx.Err() == nil {
				o.Progress(run*len(cases)+i, runs*len(cases), c.Name)
			}
			result, done := measureCase(ctx, c, o.effort())
			if !done {
				break measuring
			}
			all[i] = append(all[i], result)
		}
	}
	r := newReport(runs)
	for _, results := range all {
		if len(results) > 0 {
			r.Results = append(r.Results, medianResult(results))
		}
	}
	return r, ctx.Err()
}

// measureCase returns false if ctx ends before all rounds are over: of fewer
// rounds the median says less than the others' do.
func measureCase(ctx context.Context, c Case, e effort) (Result, bool) {
	if ctx.Err() != nil {
		return Result{}, false
	}
	runtime.GC() // what the last case left is not this one's to collect
	values := make([][]float64, len(c.Subjects))
	allocs := make([]float64, len(c.Subjects))
	next := make([]func() float64, len(c.Subjects))
	rounds, length := e.rounds, e.length
	if c.Contended {
		length *= 10
	}
	for i, s := range c.Subjects {
		if s.Sample != nil {
			next[i], rounds = s.Sample, e.samples
			continue
		}
		do := s.New()
		n := repetitions(do, length)
		allocs[i] = allocations(do, n)
		next[i] = func() float64 { return float64(timed(do, n)) / float64(n) }
	}
	for round := range rounds {
		if ctx.Err() != nil {
			return Result{}, false
		}
		// Whoever goes first goes last in the next round.
		for i := range next {
			if round%2 == 1 {
				i = len(next) - 1 - i
			}
			values[i] = append(values[i], next[i]())
		}
	}
	r := Result{Name: c.Name, Unit: c.unit()}
	for i, s := range c.Subjects {
		m := Measurement{By: s.By, Allocs: allocs[i], Median: median(values[i]), Spread: spread(values[i]), Ratio: 1}
		if i > 0 {
			m.Ratio = pairedRatio(values[0], values[i])
		}
		r.Measurements = append(r.Measurements, m)
	}
	for _, t := range c.Targets {
		i := slices.IndexFunc(c.Subjects, func(s Subject) bool { return s.By == t.Of })
		theirs := r.Measurements[i]
		r.Targets = append(r.Targets, TargetResult{
			Of: t.Of, Most: t.Most, Ratio: theirs.Ratio, Excess: (theirs.Ratio - t.Most) * theirs.Median, Limit: t.Limit,
		})
	}
	return r, true
}

// repetitions returns how often do must be repeated to take so long.
func repetitions(do func(int), length time.Duration) int {
	n := 1
	for {
		took := timed(do, n)
		if took >= length/2 {
			return max(1, int(float64(n)*float64(length)/float64(took)))
		}
		// Not straight to the goal: the first repetitions are the slowest.
		n *= 2 + int(min(30, length/(4*max(took, 1))))
	}
}

func timed(do func(int), n int) time.Duration {
	start := time.Now()
	do(n)
	return time.Since(start)
}

// allocations returns how often memory is allocated in one repetition. What do
// allocates once, such as the goroutines that share the work, does not count.
func allocations(do func(int), n int) float64 {
	n = max(n, 100)
	one, many := mallocs(do, n), mallocs(do, 3*n)
	return max(0, math.Round((float64(many)-float64(one))/float64(2*n)*100)/100)
}

func mallocs(do func(int), n int) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do(n)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// spread is how far apart the middle half of the values is, by the median.
func spread(values []float64) float64 {
	m := median(values)
	if m == 0 {
		return 0
	}
	return (quantile(values, 0.75) - quantile(values, 0.25)) / m
}

func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	at := q * float64(len(sorted)-1)
	below, above := sorted[int(math.Floor(at))], sorted[int(math.Ceil(at))]
	return below + (above-below)*(at-math.Floor(at))
}

// pairedRatio is the median of the ratios of values taken right after one
// another, so that what both suffered cancels out.
func pairedRatio(ours, theirs []float64) float64 {
	ratios := make([]float64, len(ours))
	for i := range ours {
		switch {
		case theirs[i] > 0:
			ratios[i] = ours[i] / theirs[i]
		case ours[i] == 0:
			ratios[i] = 1
		default:
			ratios[i] = math.MaxFloat64
		}
	}
	return median(ratios)
}
