package parallel

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

type constResult struct {
	val   constant.Value
	known bool
}

// constant is the value that v always has in f, if that is known.
func (f *Frame) constant(v ssa.Value) (constant.Value, bool) {
	if c, ok := v.(*ssa.Const); ok {
		if c.Value == nil {
			return nil, false
		}
		return c.Value, true
	}
	if r, ok := f.consts[v]; ok {
		return r.val, r.known
	}
	f.consts[v] = constResult{} // a value that depends on itself is not constant
	val, known := f.evaluate(v)
	f.consts[v] = constResult{val, known}
	return val, known
}

func (f *Frame) evaluate(v ssa.Value) (val constant.Value, known bool) {
	// go/constant panics on operands of kinds that do not fit, which
	// unreachable or generic code can have.
	defer func() {
		if recover() != nil {
			val, known = nil, false
		}
	}()
	switch v := v.(type) {
	case *ssa.Parameter:
		for i, p := range f.Fn.Params {
			if p == v && i < len(f.args) && f.args[i].frame != nil {
				return f.args[i].frame.constant(f.args[i].val)
			}
		}
	case *ssa.BinOp:
		x, ok := f.constant(v.X)
		if !ok {
			return nil, false
		}
		y, ok := f.constant(v.Y)
		if !ok {
			return nil, false
		}
		return binary(x, v.Op, y, v.Type())
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.constantAt(v)
		}
		if v.Op == token.NOT || v.Op == token.SUB {
			if x, ok := f.constant(v.X); ok {
				return constant.UnaryOp(v.Op, x, 0), true
			}
		}
	case *ssa.ChangeType:
		return f.constant(v.X)
	case *ssa.Convert:
		if x, ok := f.constant(v.X); ok && x.Kind() == constant.Int && isInteger(v.Type()) {
			return x, true
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			if n, ok := f.length(v.Call.Args[0], b.Name() == "cap", 0); ok {
				return constant.MakeInt64(n), true
			}
		}
	}
	return nil, false
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func binary(x constant.Value, op token.Token, y constant.Value, typ types.Type) (constant.Value, bool) {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return constant.MakeBool(constant.Compare(x, op, y)), true
	case token.ADD, token.SUB, token.MUL:
		return constant.BinaryOp(x, op, y), true
	case token.QUO:
		if isInteger(typ) && constant.Sign(y) != 0 {
			return constant.BinaryOp(x, token.QUO_ASSIGN, y), true
		}
	}
	return nil, false
}

// constantAt is the constant that a load yields: that of the last store
// before it in its block or, of a variable that is stored to only where it is
// declared, that of the store.
func (f *Frame) constantAt(load *ssa.UnOp) (constant.Value, bool) {
	b := load.Block()
	for i := indexOf(b, load) - 1; i >= 0; i-- {
		switch x := b.Instrs[i].(type) {
		case *ssa.Store:
			if x.Addr == load.X {
				return f.constant(x.Val)
			}
			if _, isAlloc := x.Addr.(*ssa.Alloc); !isAlloc {
				i = 0
			}
		case *ssa.Alloc:
			if x == load.X {
				return zero(load.Type())
			}
		case ssa.CallInstruction, *ssa.Send, *ssa.Select:
			i = 0
		case *ssa.UnOp:
			if x.Op == token.ARROW {
				i = 0
			}
		}
	}
	if g, ok := load.X.(*ssa.Global); ok {
		if on, fixed := f.tree.starts.Fixed(g); fixed {
			return constant.MakeBool(on), true
		}
		return nil, false
	}
	cell, frame := f.cell(load.X)
	if cell == nil {
		return nil, false
	}
	val, ok := onlyStore(cell)
	if !ok {
		return nil, false
	}
	if val == nil {
		return zero(load.Type())
	}
	return frame.constant(val)
}

func indexOf(b *ssa.BasicBlock, instr ssa.Instruction) int {
	for i, x := range b.Instrs {
		if x == instr {
			return i
		}
	}
	return -1
}

func zero(t types.Type) (constant.Value, bool) {
	b, ok := t.Underlying().(*types.Basic)
	switch {
	case !ok:
		return nil, false
	case b.Info()&types.IsInteger != 0:
		return constant.MakeInt64(0), true
	case b.Info()&types.IsBoolean != 0:
		return constant.MakeBool(false), true
	case b.Info()&types.IsString != 0:
		return constant.MakeString(""), true
	}
	return nil, false
}

// cell is the variable whose address v is, with the frame that declares it.
func (f *Frame) cell(v ssa.Value) (*ssa.Alloc, *Frame) {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x, f
		case *ssa.FreeVar:
			if f.closure == nil {
				return nil, nil
			}
			made, ok := f.closure.Instr.(*ssa.MakeClosure)
			if !ok {
				return nil, nil
			}
			i := 0
			for j, fv := range f.Fn.FreeVars {
				if fv == x {
					i = j
				}
			}
			v, f = made.Bindings[i], f.closure.Frame
		default:
			return nil, nil
		}
	}
}

// onlyStore is the one value stored to cell, before its address goes
// anywhere else than into closures that only read it; nil if there is no
// store at all.
func onlyStore(cell *ssa.Alloc) (ssa.Value, bool) {
	var val ssa.Value
	n := 0
	var onlyRead func(addr ssa.Value, declared bool) bool
	onlyRead = func(addr ssa.Value, declared bool) bool {
		for _, ref := range *addr.Referrers() {
			switch x := ref.(type) {
			case *ssa.Store:
				if x.Addr != addr || !declared {
					return false
				}
				// Before the block ends in which the variable is declared.
				if x.Block() != cell.Block() {
					return false
				}
				n++
				val = x.Val
			case *ssa.UnOp, *ssa.DebugRef:
			case *ssa.MakeClosure:
				fn := x.Fn.(*ssa.Function)
				for i, b := range x.Bindings {
					if b == addr && !onlyRead(fn.FreeVars[i], false) {
						return false
					}
				}
			default:
				return false
			}
		}
		return true
	}
	if !onlyRead(cell, true) || n > 1 {
		return nil, false
	}
	return val, true
}

// length is len or cap of v, if it is known.
func (f *Frame) length(v ssa.Value, capacity bool, depth int) (int64, bool) {
	if depth > 8 {
		return 0, false
	}
	if n, ok := arrayLen(v.Type()); ok {
		return n, true
	}
	switch x := v.(type) {
	case *ssa.MakeSlice:
		size := x.Len
		if capacity {
			size = x.Cap
		}
		return f.int(size)
	case *ssa.MakeChan:
		if capacity {
			return f.int(x.Size)
		}
	case *ssa.Slice:
		if x.Max != nil {
			return 0, false
		}
		low := int64(0)
		if x.Low != nil {
			n, ok := f.int(x.Low)
			if !ok {
				return 0, false
			}
			low = n
		}
		if x.High != nil && !capacity {
			n, ok := f.int(x.High)
			return n - low, ok
		}
		n, ok := f.length(x.X, capacity, depth+1)
		return n - low, ok
	case *ssa.ChangeType:
		return f.length(x.X, capacity, depth+1)
	case *ssa.Parameter:
		for i, p := range f.Fn.Params {
			if p == x && i < len(f.args) && f.args[i].frame != nil {
				return f.args[i].frame.length(f.args[i].val, capacity, depth+1)
			}
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if cell, frame := f.cell(x.X); cell != nil {
				if val, ok := onlyStore(cell); ok && val != nil {
					return frame.length(val, capacity, depth+1)
				}
			}
		}
	}
	return 0, false
}

func arrayLen(t types.Type) (int64, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if a, ok := t.Underlying().(*types.Array); ok {
		return a.Len(), true
	}
	return 0, false
}

// int is v as an integer constant.
func (f *Frame) int(v ssa.Value) (int64, bool) {
	c, ok := f.constant(v)
	if !ok || c.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c)
}
