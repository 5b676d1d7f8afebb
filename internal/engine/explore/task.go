package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// A Task is an alternative that one engine gives to another, with its graph.
type Task struct {
	Rank  Rank // where it lies in the walk
	g     *graph.Graph
	it    item
	start bool // the first run: no alternative
}

// Share is what part of the whole exploration the task is, as estimated.
func (t *Task) Share() float64 { return t.it.share }

// Adopt makes the task the explorer's own, and prepares its first run. It reports false if
// there is none.
func (x *Explorer) Adopt(t *Task) bool {
	x.depth = 0
	f := x.frames[0]
	f.g, f.work = *t.g, f.work[:0]
	x.G = &f.g
	if t.start {
		x.pushed, x.share = 0, t.it.share
		x.Here = x.Here[:0]
		return true
	}
	x.Here = append(x.Here[:0], t.Rank[:t.it.up]...)
	f.work = append(f.work, t.it)
	return x.Next()
}

// Donate gives away the alternative that would be taken last, as a task.
func (x *Explorer) Donate() *Task {
	for _, f := range x.frames[:x.depth+1] {
		if len(f.work) == 0 {
			continue
		}
		it := f.work[0]
		f.work = append(f.work[:0], f.work[1:]...)
		g := f.g.Clone()
		g.Cut(it.stamp + 1)
		return &Task{g: g, it: it, Rank: x.rankOf(it)}
	}
	return nil
}

// Restart empties the graph for the next walk at random.
func (x *Explorer) Restart() {
	x.depth = 0
	x.G = &x.frames[0].g
	x.G.Cut(0)
	x.frames[0].work = append(x.frames[0].work[:0], item{kind: altNothing})
}

// Postpone puts the run that is prepared back among the alternatives.
func (x *Explorer) Postpone() {
	f, last := x.frames[x.depth], len(x.Here)-1
	f.work = append(f.work, item{kind: altNothing, stamp: int32(len(x.G.Ev)) - 1, up: int32(last), n: x.Here[last], share: x.share})
	x.share = 0
}

// FirstTask is all of an exploration that begins with a graph.
func FirstTask(g *graph.Graph) *Task { return &Task{g: g, it: item{share: 1}, start: true} }

// Fresh empties the graph, so that objects have the same numbers in each run.
func (x *Explorer) Fresh() {
	x.depth = 0
	x.G = &x.frames[0].g
	x.G.Reset()
	x.G.AddThread(0, -1)
}
