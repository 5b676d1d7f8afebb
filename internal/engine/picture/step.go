package picture

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
	"github.com/fearless-go/fearless/internal/trace"
)

// Step describes one event.
func (x *Picture) Step(id int32) trace.Step {
	e := &x.G.Ev[id]
	c := x.Calls[Place{e.Thr, e.Idx}]
	s := trace.Step{Lane: int(e.Thr), Pos: c.At}
	switch e.Kind {
	case graph.Read:
		x.describeRead(e, c, &s)
	case graph.Write:
		name := x.G.Name(e.Loc)
		switch {
		case e.Has(graph.Ending):
			s.Op, s.Pos = "ends", trace.Pos{}
			return s
		case x.isLock(e.Loc) && e.Val == 0:
			s.Op = fmt.Sprintf("unlocks %s, %v", name, e.Order)
		default:
			s.Op = fmt.Sprintf("%s.Store(%s) %v", name, valueText(e, c, e.Val), e.Order)
		}
	case graph.Fence:
		s.Op = fmt.Sprintf("Fence(%v)", e.Order)
	case graph.Spawn:
		s.Op = "starts " + x.ThreadName(e.Aux)
		return s
	case graph.Join:
		s.Op = "joins " + x.ThreadName(e.Aux)
		return s
	case graph.Choice:
		s.Op = fmt.Sprintf("takes alternative %d of %d", e.Val+1, e.Aux)
		if c.Choice.Yes == "" {
			return s
		}
		if s.Op = c.Choice.Yes; e.Val == 0 {
			s.Op = c.Choice.No
		}
	}
	joins := e.Kind == graph.Read && x.G.Loc[e.Loc].Ends && e.Op == graph.OpUntil
	if c.Inside && !joins || c.Method() == "FetchUpdate" {
		s.Op = c.Via() + ": " + s.Op
	}
	return s
}

// describeRead is for a load, the read part of an update, and a wait.
func (x *Picture) describeRead(e *graph.Event, c source.Call, s *trace.Step) {
	name := x.G.Name(e.Loc)
	if x.G.Loc[e.Loc].Ends {
		x.describeEnd(e, s)
		return
	}
	if e.RF == graph.Initial {
		s.Note = "the initial value"
	} else if e.RF >= 0 {
		w := &x.G.Ev[e.RF]
		if last := x.G.Loc[e.Loc].CO; e.RF != last[len(last)-1] && !x.G.Ev[last[w.Pos+1]].Has(graph.Update) {
			s.Note = "not the latest"
		}
	}
	switch {
	case e.Waits():
		s.Op = "waits for " + name
		s.Flags = trace.Blocked
		if x.Tokens[e.Loc] || e.Op == graph.OpEnter {
			return
		}
	case x.Tokens[e.Loc]:
		s.Op = tokenText(e, name)
		s.Note = ""
		return
	case e.Op == graph.OpEnter || x.isLock(e.Loc) && e.Has(graph.Update):
		if text := lockText(e, name); text != "" {
			s.Op = text
			if s.Note == "the initial value" {
				s.Note = ""
			}
			return
		}
		s.Op = updateText(e, c, name)
	case x.isLock(e.Loc):
		s.Op = fmt.Sprintf("looks at %s, %v", name, e.Order)
		return
	case e.Has(graph.Await):
		s.Op = fmt.Sprintf("%s: waited %v", name, e.Order)
	case e.Has(graph.Update):
		s.Op = updateText(e, c, name)
	default:
		s.Op = fmt.Sprintf("%s.Load() %v", name, e.Order)
	}
	s.Value = valueText(e, c, e.Val)
}

// describeEnd is for a read of the end of a thread.
func (x *Picture) describeEnd(e *graph.Event, s *trace.Step) {
	who := strings.TrimPrefix(x.Awaited(e.Loc), "the end of ")
	switch {
	case e.Op == graph.OpUntil:
		s.Op = "joins " + who
	case e.RF >= 0:
		s.Op = fmt.Sprintf("finds that %s has ended", who)
	default:
		s.Op = fmt.Sprintf("finds that %s has not ended", who)
	}
}

// isLock reports whether l is the word of a lock that is entered in one event.
func (x *Picture) isLock(l int32) bool {
	for _, id := range x.G.Loc[l].Acc {
		if e := &x.G.Ev[id]; e.Kind == graph.Read && e.Op == graph.OpEnter {
			return true
		}
	}
	return false
}

func tokenText(e *graph.Event, name string) string {
	switch {
	case e.Op == graph.OpSwap:
		return fmt.Sprintf("makes %s available, %v", name, e.Order)
	case e.Has(graph.Done):
		return fmt.Sprintf("takes %s, %v", name, e.Order)
	case e.Op == graph.OpCAS:
		return fmt.Sprintf("does not get %s, %v", name, e.Order)
	}
	return fmt.Sprintf("looks for %s, %v", name, e.Order)
}

// lockText is what an update of a lock's word does; "" if that is something else.
func lockText(e *graph.Event, name string) string {
	switch {
	case e.Op == graph.OpEnter && e.Has(graph.Done):
		return fmt.Sprintf("locks %s, %v", name, e.Order)
	case e.Op == graph.OpEnter:
		return fmt.Sprintf("does not get %s, which is locked, %v", name, e.Order)
	case e.Op == graph.OpAdd && int32(e.Arg) < 0:
		return fmt.Sprintf("unlocks %s, %v", name, e.Order)
	case e.Op == graph.OpOr:
		return fmt.Sprintf("poisons %s, %v", name, e.Order)
	}
	return ""
}

func updateText(e *graph.Event, c source.Call, name string) string {
	verb := [...]string{
		graph.OpSwap: "Swap", graph.OpAdd: "FetchAdd", graph.OpSub: "FetchSub", graph.OpAnd: "FetchAnd", graph.OpOr: "FetchOr",
		graph.OpXor: "FetchXor", graph.OpNand: "FetchNand", graph.OpMax: "FetchMax", graph.OpMin: "FetchMin",
	}
	switch {
	case e.Op == graph.OpUnless:
		return fmt.Sprintf("%s.Swap(%s) %v", name, valueText(e, c, e.Arg), e.Order)
	case e.Op == graph.OpAdd && !c.Inside && c.Method() == "FetchSub":
		return fmt.Sprintf("%s.FetchSub(%s) %v", name, valueText(e, c, -e.Arg), e.Order)
	case e.Op == graph.OpXor && !c.Inside && c.Method() == "FetchNot":
		return fmt.Sprintf("%s.FetchNot() %v", name, e.Order)
	case e.Op != graph.OpCAS:
		return fmt.Sprintf("%s.%s(%s) %v", name, verb[e.Op], valueText(e, c, e.Arg), e.Order)
	case e.Has(graph.Done):
		return fmt.Sprintf("%s.CompareExchange(%s, %s) %v", name, valueText(e, c, e.Exp), valueText(e, c, e.Arg), e.Order)
	case e.Choice != 0:
		return fmt.Sprintf("%s.CompareExchangeWeak(%s, %s) fails spuriously, %v", name, valueText(e, c, e.Exp), valueText(e, c, e.Arg), e.Order)
	default:
		return fmt.Sprintf("%s.CompareExchange(%s, %s) fails, %v", name, valueText(e, c, e.Exp), valueText(e, c, e.Arg), e.Order)
	}
}

// widths are the bits of the types of package atomic, below 0 without a sign.
var widths = map[string]int{"Int8": 8, "Int16": 16, "Int32": 32, "Int64": 64, "Int": 64, "Uint8": -8, "Uint16": -16, "Uint32": -32, "Uint64": -64, "Uint": -64, "Uintptr": -64}

// valueText is a value as a report prints it, of the type that c uses if that is known.
func valueText(e *graph.Event, c source.Call, v uint64) string {
	if e.Has(graph.Pointer) {
		if v == 0 {
			return "nil"
		}
		return fmt.Sprintf("%#x", v)
	}
	typ := ""
	if rest, ok := strings.CutPrefix(c.API, "atomic.(*"); ok {
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
	shift := 64 - e.Bits()
	return fmt.Sprint(int64(v<<shift) >> shift)
}
