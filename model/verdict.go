package model

// A Verdict says what an exploration knows of a function, in the words that
// "fearless test" and "fearless prove" use, too.
type Verdict string

// The verdicts.
const (
	// Proven: every execution was explored, and none fails. What is an execution
	// is said in MEANING.md.
	Proven Verdict = "proven"
	// Passed: nothing failed in a sample of the executions, or in one part of them.
	Passed Verdict = "passed"
	// Failed: there is a Failure.
	Failed Verdict = "failed"
	// Undecided: the exploration was ended before it was over, by MaxExecutions,
	// MaxDuration or its Context, or a bound was reached.
	Undecided Verdict = "undecided"
	// Unsuitable: the function does something that the model does not explore,
	// which Report.Unseen or the Failure names.
	Unsuitable Verdict = "unsuitable"
)

// Verdict returns what the report comes to.
func (r *Report) Verdict() Verdict {
	if f := r.Failure; f != nil {
		switch f.Kind {
		case Limit:
			return Undecided
		case Unsupported, Nondeterminism, Foreign, NotInModelBuild, BadOption, FileError:
			return Unsuitable
		}
		return Failed
	}
	for _, u := range r.Unseen {
		if u.Kind.leavesOut() {
			return Unsuitable
		}
	}
	switch {
	case r.sample:
		return Passed
	case r.Exhaustive:
		return Proven
	}
	return Undecided
}
