package engine

// alone looks with one engine for the failure that comes first, where several
// have met the one found. What an engine has learned of busy loops decides in
// which order executions come, and each has learned something else.
func (p *pool) alone(found *Found) (Stats, *Found) {
	o := p.opts
	o.Parallel = 1
	outcomes := make(map[string]int)
	stats, first := exploreAll(p.main, o, func(some *Runs) bool {
		for outcome, n := range some.Outcomes {
			outcomes[outcome] += n
		}
		return p.done(&Runs{Complete: some.Complete, Blocked: some.Blocked, Over: some.Over})
	})
	if first == nil { // it was ended before
		p.countBefore(found.at)
		return p.stats, found
	}
	stats.Outcomes = outcomes
	return stats, first
}
