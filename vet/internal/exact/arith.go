package exact

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// wrap is n as a value of integer type t.
func wrap(n int64, t types.Type) int64 {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return n
	}
	switch b.Kind() {
	case types.Int8:
		return int64(int8(n))
	case types.Int16:
		return int64(int16(n))
	case types.Int32:
		return int64(int32(n))
	case types.Uint8:
		return int64(uint8(n))
	case types.Uint16:
		return int64(uint16(n))
	case types.Uint32:
		return int64(uint32(n))
	}
	return n
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

func isScalar(v value) bool {
	switch v.(type) {
	case int64, float64, bool, string, unknown:
		return true
	}
	return false
}

// binary runs x with operands a and b.
func (m *search) binary(f *frame, x *ssa.BinOp, a, b value) status {
	if x.Op == token.EQL || x.Op == token.NEQ {
		same, known := equal(a, b)
		if !known {
			f.set(x, unknown{})
		} else {
			f.set(x, same == (x.Op == token.EQL))
		}
		return goesOn
	}
	if !isScalar(a) || !isScalar(b) {
		stop("an operation that is not understood")
	}
	var out value = unknown{}
	switch a := a.(type) {
	case int64:
		b, ok := b.(int64)
		if !ok {
			break
		}
		if (x.Op == token.QUO || x.Op == token.REM) && b == 0 {
			return crashed
		}
		out = integers(x.Op, a, b, x.X.Type())
	case float64:
		if b, ok := b.(float64); ok {
			out = floats(x.Op, a, b)
		}
	case string:
		if b, ok := b.(string); ok {
			out = strings(x.Op, a, b)
		}
	}
	f.set(x, out)
	return goesOn
}

func integers(op token.Token, a, b int64, t types.Type) value {
	unsigned := isUnsigned(t)
	less := a < b
	if unsigned {
		less = uint64(a) < uint64(b)
	}
	var n int64
	switch op {
	case token.LSS:
		return less
	case token.LEQ:
		return less || a == b
	case token.GTR:
		return !less && a != b
	case token.GEQ:
		return !less
	case token.ADD:
		n = a + b
	case token.SUB:
		n = a - b
	case token.MUL:
		n = a * b
	case token.QUO:
		if n = a / b; unsigned {
			n = int64(uint64(a) / uint64(b))
		}
	case token.REM:
		if n = a % b; unsigned {
			n = int64(uint64(a) % uint64(b))
		}
	case token.AND:
		n = a & b
	case token.OR:
		n = a | b
	case token.XOR:
		n = a ^ b
	case token.AND_NOT:
		n = a &^ b
	case token.SHL:
		n = a << uint64(b)
	case token.SHR:
		if n = a >> uint64(b); unsigned {
			n = int64(uint64(a) >> uint64(b))
		}
	default:
		return unknown{}
	}
	return wrap(n, t)
}

func floats(op token.Token, a, b float64) value {
	switch op {
	case token.LSS:
		return a < b
	case token.LEQ:
		return a <= b
	case token.GTR:
		return a > b
	case token.GEQ:
		return a >= b
	case token.ADD:
		return a + b
	case token.SUB:
		return a - b
	case token.MUL:
		return a * b
	case token.QUO:
		return a / b
	}
	return unknown{}
}

func strings(op token.Token, a, b string) value {
	switch op {
	case token.LSS:
		return a < b
	case token.LEQ:
		return a <= b
	case token.GTR:
		return a > b
	case token.GEQ:
		return a >= b
	case token.ADD:
		if len(a)+len(b) > maxCells {
			stop("a long string")
		}
		return a + b
	}
	return unknown{}
}

// convert is v, of type from, as a value of type to.
func (m *search) convert(s *state, v value, from, to types.Type) value {
	basic, toBasic := to.Underlying().(*types.Basic)
	if !toBasic {
		if str, ok := v.(string); ok {
			return m.bytes(s, str, to)
		}
		stop("a conversion that is not understood")
	}
	switch v := v.(type) {
	case unknown:
		return v
	case int64:
		switch info := basic.Info(); {
		case info&types.IsInteger != 0:
			return wrap(v, to)
		case info&types.IsFloat != 0:
			if isUnsigned(from) {
				return float64(uint64(v))
			}
			return float64(v)
		case info&types.IsString != 0:
			return string(rune(v))
		}
	case float64:
		switch info := basic.Info(); {
		case info&types.IsInteger != 0:
			return wrap(int64(v), to)
		case info&types.IsFloat != 0:
			if basic.Kind() == types.Float32 {
				return float64(float32(v))
			}
			return v
		}
	case string:
		if basic.Info()&types.IsString != 0 {
			return v
		}
	case slice, nil:
		if basic.Info()&types.IsString != 0 {
			return unknown{} // its contents were read; they are seldom looked at
		}
	}
	stop("a conversion that is not understood")
	return nil
}

// bytes is the string as a new slice of type to.
func (m *search) bytes(s *state, str string, to types.Type) value {
	sl, ok := to.Underlying().(*types.Slice)
	if !ok || len(str) > maxCells {
		stop("a conversion that is not understood")
	}
	var cells []value
	if b, ok := sl.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 {
		for i := range len(str) {
			cells = append(cells, int64(str[i]))
		}
	} else {
		for _, r := range str {
			cells = append(cells, int64(r))
		}
	}
	id := m.allocate(s, cells, nil)
	return slice{id, 0, len(cells), len(cells)}
}
