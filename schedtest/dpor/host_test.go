package dpor_test

import (
	"fmt"

	. "github.com/fearless-go/fearless/schedtest/dpor"
)

// An exploration is what a host sees that runs a program under a Dpor.
type exploration struct {
	x                   *Dpor
	outcomes            map[string]int
	hashes              map[uint64]bool
	twice               int
	fault               string
	executions, blocked int // of all explorers
}

// once runs one execution.
func (r *exploration) once(p program) {
	m := newMachine(p)
	for {
		ps := m.pending()
		any := false
		for i := range ps {
			any = any || ps[i].Enabled
		}
		if !any {
			r.x.Stuck(ps)
			break
		}
		i, v := r.x.Pick(ps)
		if i < 0 {
			r.x.End(false)
			return
		}
		acts, woke := m.step(ps[i].Thread, v)
		r.x.Access(acts)
		for _, u := range woke {
			r.x.Woke(uint32(u + 1))
		}
	}
	r.x.End(false)
	r.outcomes[m.outcome()]++
	if r.hashes != nil {
		if r.hashes[r.x.Hash()] {
			r.twice++
		}
		r.hashes[r.x.Hash()] = true
	}
}

func explore(p program, stable bool, limit int) *exploration {
	return exploreFairly(p, stable, limit, 0)
}

func exploreFairly(p program, stable bool, limit, fair int) *exploration {
	r := &exploration{x: &Dpor{Stable: stable, Fair: fair}, outcomes: map[string]int{}, hashes: map[uint64]bool{}}
	for n := 0; r.x.Begin(); n++ {
		if n > limit {
			r.fault = fmt.Sprintf("more than %d executions", limit)
			break
		}
		r.once(p)
	}
	if at, ok := r.x.Diverged(); ok {
		r.fault = fmt.Sprintf("diverged at %d", at)
	}
	return r
}
