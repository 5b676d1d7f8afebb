package engine

import (
	"math"
	"math/rand/v2"
)

// estimate.go says how many executions a program has, where there are too many
// to count. An estimating walk goes from the first run of the exhaustive
// exploration to one of the alternatives that the run found, drawn at random,
// from there to one of those that this one found, and so on to the end. A run
// stands for as many others as the odds were against each step to it, so the
// sum over the walk's complete runs, each so often, is the number of executions
// on average (Knuth, "Estimating the Efficiency of Backtrack Programs",
// Mathematics of Computation 29, 1975). Many walks say how far off that may be.

// An Estimate is of the number of complete executions. Zero is none.
type Estimate struct {
	Mean float64 `json:"mean"`
	// Low and High are 95 % confidence limits of the mean, if walks differ as
	// the normal distribution has it. Few large parts that no walk has met are
	// what they cannot know of.
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Walks int     `json:"walks"`
}

// estimator collects walks.
type estimator struct {
	walks    int
	mean, m2 float64 // m2: squared differences from the mean, as Welford sums them
	longest  float64 // complete runs of one walk, each another execution: there are at least as many

	on     bool    // a walk is under way
	weight float64 // what each run of it stands for
	sum    float64
	runs   float64

	spent, others int // runs of estimating walks, and of others
	likely        []float64
}

// begin starts a walk.
func (s *estimator) begin() { s.on, s.weight, s.sum, s.runs = true, 1, 0, 0 }

// complete counts a run of the walk.
func (s *estimator) complete() {
	s.sum += s.weight
	s.runs++
}

// end ends the walk.
func (s *estimator) end() {
	s.on = false
	s.walks++
	s.longest = max(s.longest, s.runs)
	difference := s.sum - s.mean
	s.mean += difference / float64(s.walks)
	s.m2 += difference * (s.sum - s.mean)
}

// estimate is what the walks so far say.
func (s *estimator) estimate() Estimate {
	if s.walks < 2 {
		return Estimate{}
	}
	const confidence = 1.96
	width := confidence * math.Sqrt(s.m2/float64(s.walks-1)/float64(s.walks))
	return Estimate{Mean: max(s.mean, s.longest), Low: max(s.mean-width, s.longest), High: max(s.mean+width, s.longest), Walks: s.walks}
}

// walkOn takes the next step of an estimating walk, or begins the next walk at
// random. One run in four estimates.
func (x *explorer) walkOn(s *estimator, complete bool) {
	if s.on {
		s.spent++
		if complete {
			s.complete()
		}
		if x.stepped = x.descend(s); x.stepped {
			return
		}
	} else {
		s.others++
	}
	x.restart()
	x.random = x.rng
	if 3*s.spent <= s.others {
		x.random = nil
		x.pushed = 0
		s.begin()
	}
}

// descend goes on to one of the alternatives that the run just over found. It
// reports false at the end of the walk.
func (x *explorer) descend(s *estimator) bool {
	for {
		f := x.frames[x.depth]
		work := f.work
		found := work[len(work)-min(int(x.pushed), len(work)):]
		if len(found) == 0 {
			s.end()
			return false
		}
		i, odds := s.draw(found, x.rng)
		it := found[i]
		s.weight *= odds
		f.work = f.work[:0]
		x.pushed, x.share = 0, 0
		x.goTo(it)
		if x.apply(it) {
			return true
		}
	}
}

// draw takes one of the alternatives, and returns the odds against it. An
// alternative leaves open all that was decided after it, so it is as likely as
// there are ways to decide that: with decisions that do not depend on each
// other, every walk then finds the true number.
func (s *estimator) draw(found []item, rng *rand.Rand) (i int, odds float64) {
	if cap(s.likely) < len(found) {
		s.likely = make([]float64, 2*len(found))
	}
	likely := s.likely[:len(found)]
	later, sum := 1.0, 0.0 // ways to decide what comes later
	for end := len(found); end > 0; {
		begin := end - 1
		for begin > 0 && found[begin-1].stamp == found[end-1].stamp {
			begin--
		}
		for k := begin; k < end; k++ {
			likely[k] = later
			sum += later
		}
		if later *= float64(1 + end - begin); later > 1e200 {
			// What is so much less likely is never drawn.
			for k := begin; k < len(found); k++ {
				likely[k] /= later
			}
			sum, later = sum/later, 1
		}
		end = begin
	}
	for at := rng.Float64() * sum; i < len(found)-1 && at >= likely[i]; i++ {
		at -= likely[i]
	}
	return i, sum / likely[i]
}
