package engine

import "github.com/fearless-go/fearless/internal/engine/explore"

// A part is the runs of one task, which in the walk of a single engine follow
// one another: what the task gives away comes after all that it keeps.
type part struct {
	at explore.Rank // where it begins
	Runs
}

// note ends the engine's part. Only a failure that several engines, or processes,
// look for makes it matter which part a run was in.
func (p *pool) note(e *Engine) {
	if (p.opts.Parallel > 1 || p.opts.Parts) && e.part.Complete+e.part.Blocked > 0 {
		p.mu.Lock()
		p.parts = append(p.parts, e.part)
		p.mu.Unlock()
	}
	e.part = part{}
}

// countBefore counts anew, without the runs that a single engine would not have
// come to: those after the failure at that place. A part that the failure lies
// in ended there.
func (p *pool) countBefore(failure explore.Rank) {
	all := Runs{Outcomes: make(map[string]int)}
	for _, t := range p.parts {
		if t.at.Compare(failure) > 0 {
			continue
		}
		all.Complete += t.Complete
		all.Blocked += t.Blocked
		for o, n := range t.Outcomes {
			all.Outcomes[o] += n
		}
	}
	p.stats.Executions, p.stats.Blocked, p.stats.Outcomes = all.Complete, all.Blocked, all.Outcomes
}
