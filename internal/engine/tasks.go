package engine

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// tasksPerShard is how finely an exploration is cut before it is dealt out:
// parts differ in size, and many of them even out.
const tasksPerShard = 32

// split explores until there are enough alternatives to deal out, and keeps
// those of this shard. Every shard does that in the same way. What is explored
// meanwhile counts for the first one.
func (p *pool) split() {
	e := newEngine(p.main, p.opts)
	defer e.close()
	e.x.pool = p
	p.quiet, p.splitting = p.opts.Shard != 1, true
	for len(p.tasks) > 0 && len(p.tasks) < tasksPerShard*p.opts.Shards {
		t := p.tasks[0]
		p.tasks = p.tasks[1:]
		p.note(e)
		e.part.at = t.rank
		if !e.adopt(t) {
			continue
		}
		if !p.run(e) {
			break // a failure
		}
		for t := e.x.donate(); t != nil; t = e.x.donate() {
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
	for t := e.x.donate(); t != nil; t = e.x.donate() {
		p.tasks = append(p.tasks, t)
	}
	p.sort()
}

// sort puts first what a single engine would do first.
func (p *pool) sort() {
	slices.SortStableFunc(p.tasks, func(a, b *task) int { return a.rank.compare(b.rank) })
}

// A savedTask is a task in a file.
type savedTask struct {
	Events  []savedEvent `json:"events"`
	Init    []uint64     `json:"init"` // of the locations
	Kind    itemKind     `json:"kind"`
	Variant uint8        `json:"variant"`
	Stamp   int32        `json:"stamp"`
	At      int32        `json:"at"`
	Reader  int32        `json:"reader"`
	Rank    []int32      `json:"rank"`
	Share   float64      `json:"share"`
	Start   bool         `json:"start"`
}

// writeTasks returns tasks as they are kept in a file; nil if there are none.
func writeTasks(list []*task) []byte {
	if len(list) == 0 {
		return nil
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b) // it also keeps a checksum
	saved := make([]savedTask, len(list))
	for i, t := range list {
		saved[i] = t.save()
	}
	if err := errors.Join(json.NewEncoder(w).Encode(saved), w.Close()); err != nil {
		panic(err) // numbers, and a buffer to write them to
	}
	return b.Bytes()
}

func (t *task) save() savedTask {
	s := savedTask{
		Kind: t.it.kind, Variant: t.it.variant, Stamp: t.it.stamp, At: t.it.at, Reader: t.it.reader,
		Rank: t.rank, Share: t.it.share, Start: t.start,
	}
	for id := range t.g.ev {
		e := &t.g.ev[id]
		s.Events = append(s.Events, e.save(e.rf+2))
	}
	for i := range t.g.loc {
		s.Init = append(s.Init, t.g.loc[i].init)
	}
	return s
}

var errTasks = errors.New("the file has no exploration to go on with, or is damaged: delete it to begin anew")

// maxTasks is the size of what readTasks unpacks, in bytes.
const maxTasks = 1 << 30

// readTasks reads what writeTasks wrote.
func readTasks(data []byte) ([]*task, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxTasks))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	var saved []savedTask
	if err := json.Unmarshal(text, &saved); err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	list := make([]*task, len(saved))
	for i := range saved {
		if list[i], err = saved[i].task(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *savedTask) task() (*task, error) {
	g, err := s.graph()
	if err != nil {
		return nil, err
	}
	if s.Kind > altNothing || s.Stamp < 0 || int(s.Stamp) >= len(g.ev) && !s.Start || s.Kind == revisit && (s.At < 0 || s.At >= s.Stamp) {
		return nil, errTasks
	}
	it := item{kind: s.Kind, variant: s.Variant, stamp: s.Stamp, at: s.At, reader: s.Reader, share: s.Share}
	if n := len(s.Rank); n > 0 {
		it.up, it.n = int32(n)-1, s.Rank[n-1]
	} else if !s.Start {
		return nil, errTasks
	}
	return &task{g: g, it: it, rank: s.Rank, start: s.Start}, nil
}

// graph builds the graph with the numbers that its events had: a read may have
// a lower one than the write that revisited it.
func (s *savedTask) graph() (*graph, error) {
	g := &graph{}
	g.grow(0)
	g.addThread(0, -1)
	for _, v := range s.Init {
		g.loc[g.extendLocations()].init = v
	}
	for i, saved := range s.Events {
		if !saved.fits(g, s.Events) {
			return nil, fmt.Errorf("event %d: %w", i, errTasks)
		}
		e := saved.event()
		if e.kind == kSpawn {
			g.grow(int(e.aux))
		}
		g.list(e)
		if e.kind == kSpawn {
			g.addThread(int(e.aux), int32(i))
		}
	}
	if !g.order() {
		return nil, errTasks
	}
	g.clk = make([]uint16, len(g.ev)*clocks*g.stride)
	g.listSC()
	for _, id := range g.linear() {
		g.computeClocks(id)
	}
	return g, nil
}

// fits reports whether the saved event can be the next one of g.
func (s *savedEvent) fits(g *graph, all []savedEvent) bool {
	const most = 1 << 12
	ok := s.K <= kChoice && s.T >= 0 && int(s.T) < len(g.thr) && g.thr[s.T].used && s.X >= 0 && s.X < most &&
		s.M <= SeqCst && s.MS <= SeqCst && s.MF <= SeqCst && s.W <= 64 && s.O <= OpEnter && int(s.L) <= len(g.loc)
	switch s.K {
	case kRead:
		return ok && s.L > 0 && s.R >= 1 && int(s.R) < len(all)+2 && (s.R == 1 || all[s.R-2].K == kWrite && all[s.R-2].L == s.L)
	case kWrite:
		log := g.thr[max(s.T, 0)%int32(len(g.thr))].ev
		return ok && s.L > 0 && s.P > 0 && (s.F&fUpdate == 0 || len(log) > 0 && g.ev[log[len(log)-1]].kind == kRead)
	case kSpawn:
		return ok && (int(s.X) >= len(g.thr) || !g.thr[s.X].used) && s.P >= 0 && int(s.P) < len(g.loc)
	}
	return ok && s.K != kJoin
}

// list is add without clocks and coherence order.
func (g *graph) list(e event) {
	log := g.thr[e.thr]
	e.idx, e.fence = int32(len(log.ev)), -1
	if e.idx > 0 {
		e.fence = g.ev[log.ev[e.idx-1]].fence
	}
	if e.kind == kFence && e.order.releases() {
		e.fence = e.idx
	}
	id := int32(len(g.ev))
	log.ev = append(log.ev, id)
	g.ev = append(g.ev, e)
	if e.access() {
		g.loc[e.loc].acc = append(g.loc[e.loc].acc, id)
		if e.order == NonAtomic {
			g.plain++
		}
	}
}

// order puts the writes into the coherence order that their places say. It
// reports false if those are no order.
func (g *graph) order() bool {
	for i := range g.loc {
		l := &g.loc[i]
		for _, id := range l.acc {
			if g.ev[id].kind == kWrite {
				l.co = append(l.co, id)
			}
		}
		slices.SortFunc(l.co[1:], func(a, b int32) int { return int(g.ev[a].pos - g.ev[b].pos) })
		for p, id := range l.co[1:] {
			if g.ev[id].pos != int32(p)+1 {
				return false
			}
		}
	}
	return true
}
