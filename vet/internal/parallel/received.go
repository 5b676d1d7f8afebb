package parallel

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A value that comes out of a channel goes to one goroutine. Goroutines that use
// what they have received as an index use another each, if the sender sends
// each number once. What is sent is not always known: then the indexes are
// taken for distinct, as all are that are not known. That the sender repeats
// itself is seen where it sends a number that does not change, one that is computed from
// its counter in a way that may give the same twice, or counts twice.

// ownReceived reports whether v, an index in f, is received, or a part of what is,
// and nothing says that it is sent twice.
func (t *Tree) ownReceived(f *Frame, v ssa.Value) bool {
	if !received(v, 0) {
		return false
	}
	ch, field := channelOf(v, 6)
	if ch == nil {
		return true
	}
	_, at := f.origin(ch)
	made, ok := at.(*ssa.MakeChan)
	if !ok {
		return true
	}
	counted := 0
	for _, s := range sendsTo(made) {
		val := s.X
		if field >= 0 {
			val = fieldOf(val, field)
		}
		switch t.sentValue(s, val) {
		case repeats:
			return false
		case counts:
			counted++
		}
	}
	return counted <= 1
}

// channelOf returns the channel that v is received from, and the field of the
// element that v is, or -1. It returns nil if there may be several.
func channelOf(v ssa.Value, depth int) (ch ssa.Value, field int) {
	if depth == 0 {
		return nil, -1
	}
	switch x := v.(type) {
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return x.X, -1
		}
		return channelOf(x.X, depth-1)
	case *ssa.Extract:
		if recv, ok := x.Tuple.(*ssa.UnOp); ok && x.Index == 0 {
			return channelOf(recv, depth-1)
		}
	case *ssa.Field:
		ch, inner := channelOf(x.X, depth-1)
		if inner >= 0 {
			return nil, -1
		}
		return ch, x.Field
	case *ssa.FieldAddr:
		ch, inner := channelOf(x.X, depth-1)
		if inner >= 0 {
			return nil, -1
		}
		return ch, x.Field
	case *ssa.Alloc:
		if val, ok := soleStore(x); ok {
			return channelOf(val, depth-1)
		}
	}
	return nil, -1
}

func soleStore(x *ssa.Alloc) (val ssa.Value, ok bool) {
	for _, ref := range *x.Referrers() {
		if s, isStore := ref.(*ssa.Store); isStore && s.Addr == ssa.Value(x) {
			if val != nil {
				return nil, false
			}
			val = s.Val
		}
	}
	return val, val != nil
}

// fieldOf returns what a field of the struct v, or of what it points to, was
// given where it is made, or nil.
func fieldOf(v ssa.Value, field int) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var val ssa.Value
	for _, ref := range *alloc.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || addr.Field != field {
			continue
		}
		for _, use := range *addr.Referrers() {
			if s, ok := use.(*ssa.Store); ok && s.Addr == ssa.Value(addr) {
				if val != nil {
					return nil
				}
				val = s.Val
			}
		}
	}
	return val
}

// sendsTo returns the sends to the channel made that are in sight: by its
// function, the closures in it and the functions that these hand it to.
func sendsTo(made *ssa.MakeChan) []*ssa.Send {
	var sends []*ssa.Send
	seen := map[ssa.Value]bool{}
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		if v == nil || seen[v] || v.Referrers() == nil {
			return
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Send:
				if x.Chan == v {
					sends = append(sends, x)
				}
			case *ssa.ChangeType:
				follow(x)
			case *ssa.UnOp:
				if x.Op == token.MUL {
					follow(x)
				}
			case *ssa.Store:
				if alloc, ok := x.Addr.(*ssa.Alloc); ok && x.Val == v {
					follow(alloc)
				}
			case *ssa.MakeClosure:
				for i, b := range x.Bindings {
					if b == v {
						follow(x.Fn.(*ssa.Function).FreeVars[i])
					}
				}
			case ssa.CallInstruction:
				fn := x.Common().StaticCallee()
				if fn == nil {
					continue
				}
				for i, arg := range x.Common().Args {
					if arg == v && i < len(fn.Params) {
						follow(fn.Params[i])
					}
				}
			}
		}
	}
	follow(made)
	return sends
}

// A sequence is what is known of the values that a send sends.
type sequence int

const (
	unknown sequence = iota
	counts           // another each time
	repeats          // perhaps the same again
)

// sentValue tells what s, which sends val as the index, sends each time.
func (t *Tree) sentValue(s *ssa.Send, val ssa.Value) sequence {
	if val == nil {
		return unknown
	}
	var around []*loop
	for _, l := range t.graph(s.Parent()).loops {
		if l.blocks[s.Block().Index] {
			around = append(around, l)
		}
	}
	if len(around) == 0 {
		return unknown // once, or as often as its function is called
	}
	if sum, ok := val.(*ssa.BinOp); ok && (sum.Op == token.ADD || sum.Op == token.SUB) {
		if _, ok := sum.Y.(*ssa.Const); ok {
			val = sum.X
		}
	}
	switch x := val.(type) {
	case *ssa.Const:
		return repeats
	case *ssa.Phi:
		for _, l := range around {
			if l.header == x.Block() && stepsEachTime(x, l) {
				return counts
			}
		}
		return unknown
	case *ssa.BinOp:
		return repeats
	case *ssa.Parameter, *ssa.FreeVar:
		return repeats
	case ssa.Instruction:
		if !slices.ContainsFunc(around, func(l *loop) bool { return l.blocks[x.Block().Index] }) {
			return repeats // computed before the loop
		}
	}
	return unknown
}
