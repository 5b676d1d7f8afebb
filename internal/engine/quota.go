package engine

import "sync/atomic"

// A quota is how many complete executions an exploration may count. Engines take
// a place before a run and give it back if the run completes none, so that
// several engines, too, count as many as were asked for.
type quota struct {
	most     int64 // 0: no bound
	taken    atomic.Int64
	complete atomic.Int64
}

// admit takes a place for a run. If all are taken by runs under way it waits for
// their end. It reports false if the exploration is over.
func (p *pool) admit() bool {
	q := &p.quota
	if q.most <= 0 || p.quiet || p.splitting {
		return true
	}
	for {
		if n := q.taken.Load(); n < q.most {
			if q.taken.CompareAndSwap(n, n+1) {
				return true
			}
			continue
		}
		p.mu.Lock()
		for q.taken.Load() >= q.most && !p.over.Load() {
			p.full.Wait()
		}
		p.mu.Unlock()
		if p.over.Load() {
			return false
		}
	}
}

// counts reports whether the run just over is the last complete one that the
// exploration may count.
func (p *pool) counts(complete bool) (last bool) {
	q := &p.quota
	switch {
	case q.most <= 0 || p.quiet:
	case complete:
		if p.splitting {
			q.taken.Add(1)
		}
		return q.complete.Add(1) >= q.most
	case !p.splitting:
		p.mu.Lock()
		q.taken.Add(-1)
		p.full.Signal()
		p.mu.Unlock()
	}
	return false
}
