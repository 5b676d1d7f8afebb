package schedtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// A Holder has taken a lock that a goroutine waits for, or used its channel.
type Holder struct {
	ID uint32    `json:"id"` // of the goroutine
	At trace.Pos `json:"at"` // where it took the lock, or used the channel
}

// An acquisition is a call that takes a lock, as the names say that sync.Locker
// has, and what it touched.
type acquisition struct {
	id     uint32
	call   int // number of the call
	at     trace.Pos
	shared bool // with others that share it
}

// A lastCall is what a goroutine of the user calls, or called last.
type lastCall struct {
	fn      string
	at      trace.Pos
	number  int
	takes   bool
	shared  bool
	touched []uint64
}

// takes reports whether a call of fn takes a lock, and frees whether it lets go
// of one. What only tries is neither: it may have failed.
func takes(fn string) bool {
	return hasVerb(fn, "Lock", "RLock", "Acquire")
}
func frees(fn string) bool { return hasVerb(fn, "Unlock", "RUnlock", "Release") }

// shares reports whether a call of fn takes a lock that others may share.
func shares(fn string) bool { return hasVerb(fn, "RLock") || strings.HasPrefix(fn, "sync.(*rlocker).") }

// callOf is the function that frame i, the user's first, calls; or the one of frame i, if
// that is no user's: a go statement may start it by itself, as in go mu.Unlock().
func (x *exploration) callOf(frames []frame, i int) string {
	if f := frames[i]; (takes(f.fn) || frees(f.fn)) && !x.origin.user(f.fn, f.file) {
		return f.fn
	}
	if i == 0 {
		return ""
	}
	return frames[i-1].fn
}

func hasVerb(fn string, verbs ...string) bool {
	name := strings.TrimSuffix(fn[strings.LastIndexByte(fn, '.')+1:], "[...]")
	for _, end := range []string{"Context", "Timeout", "Result"} {
		name = strings.TrimSuffix(name, end)
	}
	return slices.Contains(verbs, name)
}

// holders finds out who holds the locks that the goroutines of a finding wait
// for, from the recorded schedule, and whether they wait in a circle. A lock is
// what a call that takes it has touched and a call that frees it touches again,
// whatever it is made of: so it works for sync's locks and for those of a
// library. Of a schedule that was too long to be recorded nothing is said.
func (x *exploration) holders(o *outcome, f *Finding) {
	if len(o.events) == 0 || len(o.events) >= maxEvents {
		return
	}
	held := map[uint64][]acquisition{}
	calls := map[uint32]*lastCall{}
	for n, e := range o.events {
		i := x.firstUserIndex(e.frames)
		if e.op == strategy.OpNone || e.op == strategy.OpStart || e.op == strategy.OpTimer || e.op == strategy.OpChoice || i < 0 {
			continue
		}
		fn := x.callOf(e.frames, i)
		if fn == "" {
			continue
		}
		at := trace.Pos{File: e.frames[i].file, Line: e.frames[i].line, Func: e.frames[i].fn}
		c := calls[e.id]
		// A call of sync.Mutex has one point, so that each is one of its own, also
		// in one line.
		if c == nil || c.fn != fn || c.at != at || strings.HasPrefix(fn, "sync.(*Mutex).") {
			c = &lastCall{fn: fn, at: at, number: n, takes: takes(fn), shared: shares(fn)}
			calls[e.id] = c
		}
		if e.addr == 0 {
			continue
		}
		c.touched = append(c.touched, e.addr)
		list := held[e.addr]
		switch {
		case c.takes && e.op == strategy.OpRead:
			// Who only looks at something does not take it: a lock may ask, each
			// time, a flag that all locks share.
		case c.takes && !slices.ContainsFunc(list, func(a acquisition) bool { return a.id == e.id && a.call == c.number }):
			held[e.addr] = append(list, acquisition{e.id, c.number, at, c.shared})
		case frees(c.fn):
			// Its own last one; or another goroutine's, for which it lets go.
			j := len(list) - 1
			for ; j >= 0 && list[j].id != e.id; j-- {
			}
			if j < 0 && (len(list) == 1 || len(list) > 1 && !list[0].shared) {
				j = 0 // those behind it wait
			}
			if j >= 0 {
				held[e.addr] = slices.Delete(list, j, j+1)
			}
		}
	}
	// Who is blocked has not taken what it waits for.
	waits := map[uint32]*lastCall{}
	for _, g := range f.Goroutines {
		c := calls[g.ID]
		if c == nil || !c.takes || c.at.File != g.At.File || c.at.Line != g.At.Line {
			if c == nil || !c.takes || x.origin.user(c.at.Func, c.at.File) || g.At != g.Created {
				continue
			}
		}
		waits[g.ID] = c
		for _, addr := range c.touched {
			held[addr] = slices.DeleteFunc(held[addr], func(a acquisition) bool { return a.id == g.ID && a.call == c.number })
		}
	}
	for i := range f.Goroutines {
		g := &f.Goroutines[i]
		c := waits[g.ID]
		if c == nil {
			continue
		}
		for _, addr := range c.touched {
			if g.Behind = writerBefore(c, addr, held[addr], waits); g.Behind != nil {
				g.HeldBy = nil
				break
			}
			for _, a := range held[addr] {
				if h := (Holder{a.id, a.at}); !slices.Contains(g.HeldBy, h) {
					g.HeldBy = append(g.HeldBy, h)
				}
			}
		}
	}
	tellApart(f.Goroutines, waits)
	f.Cycle = cycle(f.Goroutines)
	x.lastUses(o, f)
}

// writerBefore returns the writer that keeps a reader, whose call is c, from a lock that
// only readers hold: it waits for the lock as well.
func writerBefore(c *lastCall, addr uint64, held []acquisition, waits map[uint32]*lastCall) *Holder {
	if !c.shared || len(held) == 0 || slices.ContainsFunc(held, func(a acquisition) bool { return !a.shared }) {
		return nil
	}
	for _, id := range sortedKeys(waits) {
		if w := waits[id]; w != c && !w.shared && slices.Contains(w.touched, addr) {
			return &Holder{id, w.at}
		}
	}
	return nil
}

// tellApart numbers the locks that goroutines wait for, where the source calls several by one
// name: in the order in which the goroutines stand.
func tellApart(list []Goroutine, waits map[uint32]*lastCall) {
	locks := map[string][]*lastCall{} // by name, the first call that waits for each lock
	number := make([]int, len(list))
	for i, g := range list {
		c := waits[g.ID]
		if c == nil || g.Object == "" {
			continue
		}
		same := func(o *lastCall) bool {
			return slices.ContainsFunc(c.touched, func(addr uint64) bool { return slices.Contains(o.touched, addr) })
		}
		k := slices.IndexFunc(locks[g.Object], same)
		if k < 0 {
			k = len(locks[g.Object])
			locks[g.Object] = append(locks[g.Object], c)
		}
		number[i] = k + 1
	}
	for i := range list {
		if g := &list[i]; len(locks[g.Object]) > 1 && number[i] > 0 {
			g.Object = fmt.Sprintf("%s#%d", g.Object, number[i])
		}
	}
}

// lastUses finds out who has last sent to, received from or closed the channels at
// which the goroutines of a finding wait. Nobody holds a channel; but who has put
// the token there that a goroutine waits to replace is who to ask. Who waits at
// the channel, too, has not used it.
func (x *exploration) lastUses(o *outcome, f *Finding) {
	last := map[uint32]int{} // event of a goroutine
	for i, e := range o.events {
		if e.op != strategy.OpNone && e.op != strategy.OpTimer && e.op != strategy.OpChoice {
			last[e.id] = i
		}
	}
	atChannel := func(i int) bool {
		op := o.events[i].op
		return o.events[i].addr != 0 && (op == strategy.OpSend || op == strategy.OpRecv || op == strategy.OpClose)
	}
	waits := map[int]bool{}
	for _, g := range f.Goroutines {
		if i, ok := last[g.ID]; ok && atChannel(i) {
			waits[i] = true
		}
	}
	for n := range f.Goroutines {
		g := &f.Goroutines[n]
		own, ok := last[g.ID]
		if !ok || !waits[own] {
			continue
		}
		for i := len(o.events) - 1; i >= 0; i-- {
			e := o.events[i]
			if waits[i] || e.id == g.ID || !atChannel(i) || e.addr != o.events[own].addr {
				continue
			}
			if k := x.firstUserIndex(e.frames); k >= 0 {
				g.LastUse = &Holder{e.id, trace.Pos{File: e.frames[k].file, Line: e.frames[k].line, Func: e.frames[k].fn}}
			}
			break
		}
	}
}

// cycle returns the goroutines that wait for each other in a circle, if there
// is one, each followed by one that holds what it waits for.
func cycle(list []Goroutine) []uint32 {
	holders := map[uint32][]Holder{}
	for _, g := range list {
		holders[g.ID] = g.HeldBy
		if g.Behind != nil {
			holders[g.ID] = []Holder{*g.Behind}
		}
	}
	var path []uint32
	done := map[uint32]bool{}
	var visit func(id uint32) []uint32
	visit = func(id uint32) []uint32 {
		if i := slices.Index(path, id); i >= 0 {
			return slices.Clone(path[i:])
		}
		if done[id] {
			return nil
		}
		done[id] = true
		path = append(path, id)
		for _, h := range holders[id] {
			if found := visit(h.ID); found != nil {
				return found
			}
		}
		path = path[:len(path)-1]
		return nil
	}
	for _, g := range list {
		if found := visit(g.ID); found != nil {
			return found
		}
	}
	return nil
}

// cycleText draws the cycle: "goroutine 3 waits for b, which goroutine 4 holds,
// which waits for a, which goroutine 3 holds".
func (f *Finding) cycleText() string {
	var b strings.Builder
	for i, id := range f.Cycle {
		next := f.Cycle[(i+1)%len(f.Cycle)]
		j := slices.IndexFunc(f.Goroutines, func(g Goroutine) bool { return g.ID == id })
		what := "a lock"
		if o := f.Goroutines[j].Object; o != "" {
			what = o
		}
		if i == 0 {
			fmt.Fprintf(&b, "goroutine %d waits for %s", id, what)
		} else {
			fmt.Fprintf(&b, ", which waits for %s", what)
		}
		if f.Goroutines[j].Behind != nil {
			fmt.Fprintf(&b, ", behind goroutine %d, a writer", next)
		} else {
			fmt.Fprintf(&b, ", held by goroutine %d", next)
		}
	}
	return b.String()
}
