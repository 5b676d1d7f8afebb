package engine

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/fearless-go/fearless/internal/engine/graph"
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
	graph.Saved
	Kind    itemKind `json:"kind"`
	Variant uint8    `json:"variant"`
	Stamp   int32    `json:"stamp"`
	At      int32    `json:"at"`
	Reader  int32    `json:"reader"`
	Rank    []int32  `json:"rank"`
	Share   float64  `json:"share"`
	Start   bool     `json:"start"`
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
	return savedTask{
		Saved: t.g.Save(),
		Kind:  t.it.kind, Variant: t.it.variant, Stamp: t.it.stamp, At: t.it.at, Reader: t.it.reader,
		Rank: t.rank, Share: t.it.share, Start: t.start,
	}
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
	g, err := s.Graph()
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	if s.Kind > altNothing || s.Stamp < 0 || int(s.Stamp) >= len(g.Ev) && !s.Start || s.Kind == revisit && (s.At < 0 || s.At >= s.Stamp) {
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
