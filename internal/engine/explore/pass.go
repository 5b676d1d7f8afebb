package explore

import (
	"math"
	"math/rand/v2"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// pass.go says how many executions a program has, where there are too many to
// count. The runs of the exhaustive exploration form a tree: the children of a
// run are the alternatives that it found. A pass goes through the tree level by
// level. It takes all alternatives of a level, if these are no more than its
// width, and otherwise draws as many; each that is drawn then stands for those
// that are not. So the sum over the complete runs, each as often as what it
// stands for, is the number of executions on average, whatever the odds
// (stochastic enumeration: Rubinstein, "Stochastic enumeration method for counting
// NP-hard problems", 2013; the draw is systematic, so that nobody whose odds are
// one is left out). One path instead of a level, as Knuth proposed, misses what
// is rare and large: of 168,168,000 executions it found 14,000.

// A sample is an alternative that waits to be taken: the graph of the run that
// found it, and how many alternatives of its level it stands for.
type sample struct {
	g         *graph.Graph
	it        item
	standsFor float64
	likely    float64 // logarithm of how many runs are guessed to follow from it
}

// A Walker is the pass under way, and what those before it have found.
type Walker struct {
	passes
	on    bool
	width int
	level []sample // that are taken now
	at    int
	found []sample // of the next level
	now   float64  // what the run under way stands for
	sum   float64
	runs  int // complete ones of this pass

	spent, others int // runs of passes, and of others
}

// leastWidth is the width of the first passes. It doubles after each pair: wide
// ones are better, and the first estimate should come soon.
const leastWidth, mostWidth = 4, 1 << 12

// Begin starts a pass.
func (s *Walker) Begin() {
	s.on, s.now, s.sum, s.runs = true, 1, 0, 0
	s.width = min(leastWidth<<min(len(s.list)/2, 16), mostWidth)
	s.level, s.at, s.found = s.level[:0], 0, s.found[:0]
}

// Over counts the run just over, and prepares the next one. It reports false
// when the pass is over.
func (s *Walker) Over(x *Explorer, complete bool) bool {
	if complete {
		s.sum += s.now
		s.runs++
	}
	s.collect(x)
	for {
		for s.at < len(s.level) {
			c := &s.level[s.at]
			s.at++
			x.take(c)
			s.now = c.standsFor
			if x.apply(c.it) {
				return true
			}
			s.collect(x)
		}
		if len(s.found) == 0 {
			s.on = false
			s.add(s.sum, s.width, s.runs)
			clear(s.level)
			return false
		}
		s.draw(x.RNG)
	}
}

// collect adds the alternatives that were found since the last one was taken.
// One leaves open all that was decided after it, so the more ways there were to
// decide that, the more is likely to follow from it: the root of their number is
// the guess that served best. Wrong guesses cost accuracy, and nothing else.
func (s *Walker) collect(x *Explorer) {
	f := x.frames[x.depth]
	items := f.work[len(f.work)-min(int(x.pushed), len(f.work)):]
	if len(items) == 0 {
		return
	}
	g := f.g.Clone()
	likely := 0.0
	for end := len(items); end > 0; {
		begin := end - 1
		for begin > 0 && items[begin-1].stamp == items[end-1].stamp {
			begin--
		}
		for _, it := range items[begin:end] {
			s.found = append(s.found, sample{g, it, s.now, likely})
		}
		likely += math.Log(float64(1+end-begin)) / 2
		end = begin
	}
}

// take makes the graph that in which c is to be applied.
func (x *Explorer) take(c *sample) {
	x.depth = 0
	f := x.frames[0]
	f.g, f.work = *c.g.Clone(), f.work[:0]
	x.G = &f.g
	x.G.Cut(c.it.stamp + 1)
	x.Here, x.pushed, x.share = x.Here[:0], 0, 0
}

// draw goes down a level.
func (s *Walker) draw(rng *rand.Rand) {
	s.level, s.at = s.level[:0], 0
	if len(s.found) <= s.width {
		s.level = append(s.level, s.found...)
	} else {
		s.level = systematic(s.level, s.found, s.width, rng)
	}
	clear(s.found) // graphs are large
	s.found = s.found[:0]
}

// systematic appends about width of the samples to drawn: each is there as often,
// on average, as its part of the sum of all says, and stands for accordingly
// more. One that would be there several times is there once, as what it was.
func systematic(drawn, from []sample, width int, rng *rand.Rand) []sample {
	most := math.Inf(-1)
	for i := range from {
		most = max(most, math.Log(from[i].standsFor)+from[i].likely)
	}
	part := func(c *sample) float64 { return math.Exp(math.Log(c.standsFor) + c.likely - most) }
	sum := 0.0
	for i := range from {
		sum += part(&from[i])
	}
	rng.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	step := sum / float64(width)
	next, at := rng.Float64()*step, 0.0
	for i := range from {
		c := from[i]
		p := part(&c)
		if at += p; next >= at {
			continue
		}
		for next < at {
			next += step
		}
		if p < step {
			c.standsFor *= step / p
		}
		drawn = append(drawn, c)
	}
	return drawn
}

// WalkOn takes the next run of a pass, or begins one, or the next walk at random.
// Half of the runs are of passes.
func (x *Explorer) WalkOn(s *Walker, complete bool) {
	if s.on {
		s.spent++
		if x.stepped = s.Over(x, complete); x.stepped {
			return
		}
	} else {
		s.others++
	}
	x.Restart()
	x.Random = x.RNG
	if s.spent <= s.others {
		x.Random = nil
		x.pushed = 0
		s.Begin()
	}
}
