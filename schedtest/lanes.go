package schedtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// clockLane is where timers fire by choice.
const clockLane = "the clock"

// maxSteps bounds a trace; its end is what matters.
const maxSteps = 3000

// trace turns the recorded scheduling points into a picture: one lane for each
// goroutine, one step for each operation, where it took effect.
func (x *exploration) trace(o *outcome, f *Finding) *trace.Trace {
	t := &trace.Trace{Headline: fmt.Sprintf("%s in %s: %s", f.Kind, x.name, f.Message), Replay: f.Replay}
	lanes := map[uint32]int{}
	src := x.source
	objects := newObjectNames()
	lane := func(id uint32) int {
		if i, ok := lanes[id]; ok {
			return i
		}
		lanes[id] = len(t.Lanes)
		t.Lanes = append(t.Lanes, trace.Lane{Name: fmt.Sprintf("goroutine %d", id)})
		return lanes[id]
	}
	pending := map[uint32]trace.Step{}
	lastStep := map[uint32]int{}
	spawned := map[uint32]int{}    // the go statement that started a goroutine
	started := map[uint32]uint32{} // by its creator, the goroutine started last
	race := newRacing(o, f)
	foreign := map[uint32]bool{} // named by a function of the distribution, as wg.Go starts one, or by a wrapper
	flush := func(id uint32) {
		if s, ok := pending[id]; ok {
			delete(pending, id)
			lastStep[id] = len(t.Steps)
			if from, ok := spawned[id]; ok {
				t.Edges = append(t.Edges, trace.Edge{From: from, To: len(t.Steps), Kind: trace.Spawn})
				delete(spawned, id)
			}
			t.Steps = append(t.Steps, s)
		}
	}
	fire := func() {
		i := lane(strategy.TimerID)
		t.Lanes[i].Name = clockLane
		t.Steps = append(t.Steps, trace.Step{Lane: i, Op: "the next timer fires", Note: "early: the others are late"})
	}
	for n, e := range o.events {
		switch e.op {
		case strategy.OpStart:
			i := lane(e.id)
			t.Lanes[i].Created = x.firstUser(e.frames[:min(1, len(e.frames))])
			switch fn := e.frames[len(e.frames)-1].fn; {
			case len(e.frames) < 2:
			case e.id == 2 && strings.HasPrefix(fn, "testing."):
				t.Lanes[i].Name += " " + x.name
			default:
				t.Lanes[i].Name += " " + shortFunc(fn)
				foreign[e.id] = isGoWrapper(fn) || !x.origin.mine(fn, e.frames[len(e.frames)-1].file)
			}
			started[e.last] = e.id
			if e.id > 1 {
				if from, ok := lastStep[e.last]; ok {
					spawned[e.id] = from
				}
			}
		case strategy.OpTimer, strategy.OpChoice:
		case strategy.OpNone:
			race.see(e, len(t.Steps))
			flush(e.pick)
			if e.pick == strategy.TimerID {
				fire()
			}
			if from, ok := lastStep[e.last]; ok && e.blocked {
				t.Steps[from].Flags |= trace.Blocked
			}
		default:
			flush(e.id)
			race.see(e, len(t.Steps))
			child := started[e.id]
			if child != 0 && e.op == strategy.OpGo {
				l := &t.Lanes[lane(child)]
				l.Created = x.firstUser(e.frames)
				if text := src.goStatement(l.Created); text != "" && foreign[child] {
					l.Name = fmt.Sprintf("goroutine %d %s", child, text)
				}
				delete(started, e.id)
			}
			outer, ours := x.lastUser(e.frames)
			if ours && foreign[e.id] {
				t.Lanes[lane(e.id)].Name = fmt.Sprintf("goroutine %d %s", e.id, shortFunc(outer.fn))
				if x.origin.mine(outer.fn, outer.file) {
					delete(foreign, e.id)
				}
			}
			if !ours && e.pick == e.id {
				continue // package testing's own
			}
			step := trace.Step{Lane: lane(e.id), Pos: x.firstUser(e.frames), Op: src.op(e, x)}
			objects.describe(&step, e, x.called(e.frames), src)
			if n := len(t.Steps); n > 0 && e.pick == e.id && strings.HasPrefix(step.Op, "inside ") && t.Steps[n-1].Pos == step.Pos && t.Steps[n-1].Lane == step.Lane {
				continue // it is still in there
			}
			for k := n + 1; k < len(o.events) && o.events[k].op == strategy.OpTimer && o.events[k].id == e.id; k++ {
				fire() // while the goroutine stood there
				step.Flags |= trace.Preempted
			}
			pending[e.id] = step
			if e.pick == e.id || e.op == strategy.OpGo {
				flush(e.id)
				if child != 0 && e.op == strategy.OpGo {
					spawned[child] = lastStep[e.id]
				}
				if e.pick != e.id {
					// The new goroutine stands: what was put off is the rest.
					pending[e.id] = trace.Step{Lane: step.Lane, Pos: step.Pos, Op: "what follows " + step.Op, Flags: trace.Preempted}
				}
			} else {
				step.Flags |= trace.Preempted
				pending[e.id] = step
			}
			if e.pick != e.id {
				flush(e.pick)
			}
		}
	}
	for _, id := range sortedKeys(pending) {
		flush(id)
	}
	for _, g := range f.Goroutines {
		i, ok := lanes[g.ID]
		if !ok || f.Kind == Hang {
			continue
		}
		t.Lanes[i].End = "blocked: " + g.State
		if at, ok := lastStep[g.ID]; ok {
			t.Steps[at].Flags |= trace.Blocked | trace.Failing
		}
	}
	race.draw(t, x, lanes)
	cutTrace(t)
	return t
}

// cutTrace drops the first steps of a trace that is too long to look at, and
// lanes without steps of their own.
func cutTrace(t *trace.Trace) {
	if n := len(t.Steps) - maxSteps; n > 0 {
		left := fmt.Sprintf("the first %d steps are left out", n)
		t.Detail = strings.TrimSuffix(left+"\n"+t.Detail, "\n")
		t.Steps = t.Steps[n:]
		kept := t.Edges[:0]
		for _, e := range t.Edges {
			if e.From >= n && e.To >= n {
				kept = append(kept, trace.Edge{From: e.From - n, To: e.To - n, Kind: e.Kind})
			}
		}
		t.Edges = kept
	}
	used := make([]bool, len(t.Lanes))
	for _, s := range t.Steps {
		used[s.Lane] = true
	}
	for i := range t.Lanes {
		used[i] = used[i] || t.Lanes[i].End != ""
	}
	to := make([]int, len(t.Lanes))
	var lanes []trace.Lane
	for i, l := range t.Lanes {
		to[i] = len(lanes)
		if used[i] {
			lanes = append(lanes, l)
		}
	}
	t.Lanes = lanes
	for i := range t.Steps {
		t.Steps[i].Lane = to[t.Steps[i].Lane]
	}
}

func sortedKeys[V any](m map[uint32]V) []uint32 {
	var keys []uint32
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// firstUser returns the first frame of the code under test. A goroutine that
// the distribution started may stand outside of it, as wg.Go's does in wg.Done:
// then it is the outermost.
func (x *exploration) firstUser(frames []frame) trace.Pos {
	i := x.firstUserIndex(frames)
	if i < 0 {
		return trace.Pos{}
	}
	return trace.Pos{File: frames[i].file, Line: frames[i].line, Func: frames[i].fn}
}

func (x *exploration) firstUserIndex(frames []frame) int {
	if i := x.origin.first(len(frames), func(i int) (fn, file string) { return frames[i].fn, frames[i].file }); i >= 0 {
		return i
	}
	i := len(frames) - 1
	for i > 0 && (packageOf(frames[i].fn) == "runtime" || strings.HasPrefix(frames[i-1].fn, frames[i].fn+".")) {
		i-- // not goexit; and of a function and a literal in it, the literal
	}
	return i
}

// called is the function that the user's code calls there, or "".
func (x *exploration) called(frames []frame) string {
	if i := x.firstUserIndex(frames); i > 0 {
		return frames[i-1].fn
	}
	return ""
}

// lastUser returns the outermost frame of the user's code, or of any but the
// distribution's.
func (x *exploration) lastUser(frames []frame) (outer frame, ok bool) {
	for _, wanted := range []func(fn, file string) bool{x.origin.mine, x.origin.user} {
		for _, f := range slices.Backward(frames) {
			if wanted(f.fn, f.file) && !isGoWrapper(f.fn) {
				return f, true
			}
		}
	}
	return frame{}, false
}

// isGoWrapper reports whether a function is one that the compiler made of a go
// statement with arguments: New.gowrap1 of `go b.flush(ctx)` in New. It says nothing
// to who reads the source.
func isGoWrapper(fn string) bool {
	last := fn[strings.LastIndexByte(fn, '.')+1:]
	number, ok := strings.CutPrefix(last, "gowrap")
	return ok && strings.Trim(number, "0123456789") == ""
}
