package litmus

import "fmt"

// A ValueError is that a program computes what has no value in C, or one that
// the type of its variable or register does not hold, so that nothing can be
// said of it.
type ValueError struct {
	Program      string
	Thread       int
	Line, Column int // from 1; of the expression
	Err          error
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: thread %d, line %d, column %d: %v", e.Program, e.Thread, e.Line, e.Column, e.Err)
}

func (e *ValueError) Unwrap() error { return e.Err }

// A position is where an expression stands in the file; zero is not known.
type position struct{ line, col int }

// A ctype is a type of C's integers. Values are 64 bits wide in the machine, so
// a type only says which of them it has. The zero ctype has all.
type ctype struct {
	name     string
	bits     uint8 // 0: all values; 1: bool
	unsigned bool
}

// fits reports whether the type has the value.
func (t ctype) fits(v int64) bool {
	switch {
	case t.bits == 0:
		return true
	case t.bits == 1:
		return v == 0 || v == 1
	case t.unsigned && v < 0:
		return false
	case t.bits == 64:
		return true
	case t.unsigned:
		return v>>t.bits == 0
	}
	return v>>(t.bits-1) == 0 || v>>(t.bits-1) == -1
}

func (t ctype) misfit(v int64) error {
	return fmt.Errorf("the value %d does not fit the type %s: use a wider one, such as long", v, t.name)
}

// undefined is why the operator has no value in C for its right operand, or nil.
func undefined(op string, right int64) error {
	switch op {
	case "/", "%":
		if right == 0 {
			return fmt.Errorf("%q by zero is undefined", op)
		}
	case "<<", ">>":
		if right < 0 || right > 63 {
			return fmt.Errorf("%q by %d is undefined: values have 64 bits, so shift by 0 to 63", op, right)
		}
	}
	return nil
}

// mayFail reports whether an operator of e may be undefined for its operands.
func (e *Expr) mayFail() bool {
	if e == nil || e.Op == "" || e.Op == "reg" {
		return false
	}
	switch e.Op {
	case "/", "%", "<<", ">>":
		if e.Right.Op != "" {
			return true
		}
	}
	return e.Left.mayFail() || e.Right.mayFail()
}

// fault is the first part of e, as C evaluates it, that is undefined, and why.
func (e *Expr) fault(regs []int64) (*Expr, error) {
	if e == nil || !e.mayFail() {
		return nil, nil
	}
	if at, err := e.Left.fault(regs); err != nil {
		return at, err
	}
	if e.Left != nil && (e.Op == "&&" || e.Op == "||") && (e.Left.eval(regs) != 0) == (e.Op == "||") {
		return nil, nil // the right operand is not evaluated
	}
	if at, err := e.Right.fault(regs); err != nil {
		return at, err
	}
	if err := undefined(e.Op, e.Right.eval(regs)); e.Left != nil && err != nil {
		return e, err
	}
	return nil, nil
}

// constant reports whether e has a value without registers, and which.
func (e *Expr) constant() (int64, bool) {
	switch {
	case e.Op == "":
		return e.Num, true
	case e.Op == "reg":
		return 0, false
	}
	if _, ok := e.Right.constant(); !ok {
		return 0, false
	}
	if e.Left != nil {
		if _, ok := e.Left.constant(); !ok {
			return 0, false
		}
	}
	return e.eval(nil), true
}
