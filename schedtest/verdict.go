package schedtest

// A Verdict says what a run knows of a test.
type Verdict string

// The verdicts, the worst last. What is neither passed, proven nor failed has a
// reason, in TestResult.Reason.
const (
	Proven     Verdict = "proven"     // nothing fails in any schedule
	Passed     Verdict = "passed"     // nothing failed in the schedules that were run: a sample of all
	Unsuitable Verdict = "unsuitable" // the test waits for the outside, or does not repeat: the reason says where
	Undecided  Verdict = "undecided"  // given up, cut short, or a limit was met: the reason says which, and what would help
	Failed     Verdict = "failed"
)

// rank orders the verdicts, the worst last. An unknown one is not trusted.
func (v Verdict) rank() int {
	switch v {
	case Proven:
		return 0
	case Passed:
		return 1
	case Unsuitable:
		return 2
	case Failed:
		return 4
	}
	return 3
}

// worse returns the worse of two verdicts.
func worse(a, b Verdict) Verdict {
	if a.rank() < b.rank() {
		return b
	}
	return a
}

// ExitStatus is what a command ends with that has come to v: 0 when all is
// passed or proven, 1 for a failure, 3 when nothing failed and something is
// undecided or unsuitable. (2 is for a command that could not run.)
func (v Verdict) ExitStatus() int {
	switch v {
	case Proven, Passed:
		return 0
	case Failed:
		return 1
	}
	return 3
}

// Verdict returns the worst verdict of the results. A run that was interrupted,
// or that lacks a shard, has not seen all: it is undecided at best.
func (r *Report) Verdict() Verdict {
	all := Proven
	if len(r.Results) == 0 {
		all = Passed // there was nothing to run
	}
	for _, t := range r.Results {
		all = worse(all, t.weighs())
	}
	if r.Interrupted || len(r.MissingShards()) > 0 {
		all = worse(all, Undecided)
	}
	return all
}

// verdict is t.Verdict, also of a result that was written down without one.
func (t *TestResult) verdict() Verdict {
	switch {
	case t.Finding != nil:
		return Failed
	case t.Verdict == "":
		return Passed
	}
	return t.Verdict
}

// weighs is what t counts as in the verdict of the whole: what must be proven, and
// is not, fails it.
func (t *TestResult) weighs() Verdict {
	if v := t.verdict(); !t.MustProve || v.ExitStatus() == 0 {
		return v
	}
	return Failed
}
