package engine

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

// step describes one event.
func (x *explorer) step(id int32) trace.Step {
	e := &x.g.ev[id]
	c := x.calls[place{e.thr, e.idx}]
	s := trace.Step{Lane: int(e.thr), Pos: c.at}
	switch e.kind {
	case kRead:
		x.describeRead(e, c, &s)
	case kWrite:
		name := x.locName(e.loc)
		switch {
		case e.has(fEnding):
			s.Op, s.Pos = "ends", trace.Pos{}
			return s
		case x.isLock(e.loc) && e.val == 0:
			s.Op = fmt.Sprintf("unlocks %s, %v", name, e.order)
		default:
			s.Op = fmt.Sprintf("%s.Store(%s) %v", name, e.text(c, e.val), e.order)
		}
	case kFence:
		s.Op = fmt.Sprintf("Fence(%v)", e.order)
	case kSpawn:
		s.Op = "starts " + x.threadName(e.aux)
		return s
	case kJoin:
		s.Op = "joins " + x.threadName(e.aux)
		return s
	case kChoice:
		s.Op = fmt.Sprintf("takes alternative %d of %d", e.val+1, e.aux)
		if c.choice.yes == "" {
			return s
		}
		if s.Op = c.choice.yes; e.val == 0 {
			s.Op = c.choice.no
		}
	}
	joins := e.kind == kRead && x.g.loc[e.loc].ends && e.op == OpUntil
	if c.inside && !joins || c.method() == "FetchUpdate" {
		s.Op = c.via() + ": " + s.Op
	}
	return s
}

// describeRead is for a load, the read part of an update, and a wait.
func (x *explorer) describeRead(e *event, c call, s *trace.Step) {
	name := x.locName(e.loc)
	if x.g.loc[e.loc].ends {
		x.describeEnd(e, s)
		return
	}
	if e.rf == initial {
		s.Note = "the initial value"
	} else if e.rf >= 0 {
		w := &x.g.ev[e.rf]
		if last := x.g.loc[e.loc].co; e.rf != last[len(last)-1] && !x.g.ev[last[w.pos+1]].has(fUpdate) {
			s.Note = "not the latest"
		}
	}
	switch {
	case e.waits():
		s.Op = "waits for " + name
		s.Flags = trace.Blocked
		if x.tokens[e.loc] || e.op == OpEnter {
			return
		}
	case x.tokens[e.loc]:
		s.Op = e.tokenText(name)
		s.Note = ""
		return
	case e.op == OpEnter || x.isLock(e.loc) && e.has(fUpdate):
		if text := e.lockText(name); text != "" {
			s.Op = text
			if s.Note == "the initial value" {
				s.Note = ""
			}
			return
		}
		s.Op = e.updateText(c, name)
	case x.isLock(e.loc):
		s.Op = fmt.Sprintf("looks at %s, %v", name, e.order)
		return
	case e.has(fAwait):
		s.Op = fmt.Sprintf("%s: waited %v", name, e.order)
	case e.has(fUpdate):
		s.Op = e.updateText(c, name)
	default:
		s.Op = fmt.Sprintf("%s.Load() %v", name, e.order)
	}
	s.Value = e.text(c, e.val)
}

// describeEnd is for a read of the end of a thread.
func (x *explorer) describeEnd(e *event, s *trace.Step) {
	who := strings.TrimPrefix(x.awaited(e.loc), "the end of ")
	switch {
	case e.op == OpUntil:
		s.Op = "joins " + who
	case e.rf >= 0:
		s.Op = fmt.Sprintf("finds that %s has ended", who)
	default:
		s.Op = fmt.Sprintf("finds that %s has not ended", who)
	}
}

// isLock reports whether l is the word of a lock that is entered in one event.
func (x *explorer) isLock(l int32) bool {
	for _, id := range x.g.loc[l].acc {
		if e := &x.g.ev[id]; e.kind == kRead && e.op == OpEnter {
			return true
		}
	}
	return false
}

func (e *event) tokenText(name string) string {
	switch {
	case e.op == OpSwap:
		return fmt.Sprintf("makes %s available, %v", name, e.order)
	case e.has(fDone):
		return fmt.Sprintf("takes %s, %v", name, e.order)
	case e.op == OpCAS:
		return fmt.Sprintf("does not get %s, %v", name, e.order)
	}
	return fmt.Sprintf("looks for %s, %v", name, e.order)
}

// lockText is what an update of a lock's word does; "" if that is something else.
func (e *event) lockText(name string) string {
	switch {
	case e.op == OpEnter && e.has(fDone):
		return fmt.Sprintf("locks %s, %v", name, e.order)
	case e.op == OpEnter:
		return fmt.Sprintf("does not get %s, which is locked, %v", name, e.order)
	case e.op == OpAdd && int32(e.arg) < 0:
		return fmt.Sprintf("unlocks %s, %v", name, e.order)
	case e.op == OpOr:
		return fmt.Sprintf("poisons %s, %v", name, e.order)
	}
	return ""
}

func (e *event) updateText(c call, name string) string {
	verb := [...]string{
		OpSwap: "Swap", OpAdd: "FetchAdd", OpSub: "FetchSub", OpAnd: "FetchAnd", OpOr: "FetchOr",
		OpXor: "FetchXor", OpNand: "FetchNand", OpMax: "FetchMax", OpMin: "FetchMin",
	}
	switch {
	case e.op == OpUnless:
		return fmt.Sprintf("%s.Swap(%s) %v", name, e.text(c, e.arg), e.order)
	case e.op == OpAdd && !c.inside && c.method() == "FetchSub":
		return fmt.Sprintf("%s.FetchSub(%s) %v", name, e.text(c, -e.arg), e.order)
	case e.op == OpXor && !c.inside && c.method() == "FetchNot":
		return fmt.Sprintf("%s.FetchNot() %v", name, e.order)
	case e.op != OpCAS:
		return fmt.Sprintf("%s.%s(%s) %v", name, verb[e.op], e.text(c, e.arg), e.order)
	case e.has(fDone):
		return fmt.Sprintf("%s.CompareExchange(%s, %s) %v", name, e.text(c, e.exp), e.text(c, e.arg), e.order)
	case e.choice != 0:
		return fmt.Sprintf("%s.CompareExchangeWeak(%s, %s) fails spuriously, %v", name, e.text(c, e.exp), e.text(c, e.arg), e.order)
	default:
		return fmt.Sprintf("%s.CompareExchange(%s, %s) fails, %v", name, e.text(c, e.exp), e.text(c, e.arg), e.order)
	}
}

// widths are the bits of the types of package atomic, below 0 without a sign.
var widths = map[string]int{"Int8": 8, "Int16": 16, "Int32": 32, "Int64": 64, "Int": 64, "Uint8": -8, "Uint16": -16, "Uint32": -32, "Uint64": -64, "Uint": -64, "Uintptr": -64}

// text is a value as a report prints it, of the type that c uses if that is known.
func (e *event) text(c call, v uint64) string {
	if e.has(fPointer) {
		if v == 0 {
			return "nil"
		}
		return fmt.Sprintf("%#x", v)
	}
	typ := ""
	if rest, ok := strings.CutPrefix(c.api, "atomic.(*"); ok {
		typ, _, _ = strings.Cut(rest, ")")
	}
	switch n := widths[typ]; {
	case typ == "Bool":
		return fmt.Sprint(v&1 != 0)
	case n > 0:
		return fmt.Sprint(int64(v<<(64-n)) >> (64 - n))
	case n < 0:
		return fmt.Sprint(v << (64 + n) >> (64 + n))
	}
	shift := 64 - e.bits()
	return fmt.Sprint(int64(v<<shift) >> shift)
}
