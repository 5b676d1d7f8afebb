package engine

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine/explore"
)

// tasksPerShard is how finely an exploration is cut before it is dealt out:
// parts differ in size, and many of them even out.
const tasksPerShard = 32

// split explores until there are enough alternatives to deal out, and keeps
// those of this shard. Every shard does that in the same way. What is explored
// meanwhile counts for the first one.
func (p *pool) split() {
	e := p.engine()
	defer e.close()
	p.quiet, p.splitting = p.opts.Shard != 1, true
	for len(p.tasks) > 0 && len(p.tasks) < tasksPerShard*p.opts.Shards {
		t := p.tasks[0]
		p.tasks = p.tasks[1:]
		p.note(e)
		e.part.at = t.Rank
		if !e.x.Adopt(t) {
			continue
		}
		if !p.run(e) {
			break // a failure
		}
		for t := e.x.Donate(); t != nil; t = e.x.Donate() {
			p.tasks = append(p.tasks, t)
		}
	}
	p.report(e)
	p.note(e)
	p.quiet, p.splitting = false, false
	if p.stopped {
		p.over.Store(true)
	}
	mine := p.tasks[:0]
	for i, t := range p.tasks {
		if i%p.opts.Shards == p.opts.Shard-1 {
			mine = append(mine, t)
		}
	}
	p.tasks = mine
	p.sort()
}

// keep takes over what the engine has left to do.
func (p *pool) keep(e *Engine) {
	if !p.opts.Keep {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := e.x.Donate(); t != nil; t = e.x.Donate() {
		p.tasks = append(p.tasks, t)
	}
	p.sort()
}

// sort puts first what a single engine would do first.
func (p *pool) sort() {
	slices.SortStableFunc(p.tasks, func(a, b *explore.Task) int { return a.Rank.Compare(b.Rank) })
}
