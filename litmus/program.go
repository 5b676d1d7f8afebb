package litmus

import "github.com/fearless-go/fearless/internal/engine"

// A Program is a litmus test: a few threads over a few shared variables, and a
// condition on the states in which they may end.
type Program struct {
	Name      string
	Vars      []Var
	Threads   []Thread
	Locations []Place    // what the states show besides the condition's places
	Filter    *Prop      // executions that end otherwise do not count; nil: none
	Condition *Condition // nil: none
}

// A Var is a shared variable. The elements of an array stand together, and have
// the names "a[0]", "a[1]", and so on.
type Var struct {
	Name string
	Init int64
	typ  ctype
}

// A Thread is a list of statements over registers of its own, which are zero at first.
type Thread struct {
	Body  []Stmt
	Regs  []string
	types map[int]ctype // of those registers that are declared

	source string // the text of Body, if it has one
}

// variable returns the index of the variable with that name, -1 if there is none.
func (p *Program) variable(name string) int {
	for i := range p.Vars {
		if p.Vars[i].Name == name {
			return i
		}
	}
	return -1
}

// register returns the index of the register with that name, which it makes
// when there is none.
func (t *Thread) register(name string) int {
	if i := t.lookup(name); i >= 0 {
		return i
	}
	t.Regs = append(t.Regs, name)
	return len(t.Regs) - 1
}

func (t *Thread) lookup(name string) int {
	for i, r := range t.Regs {
		if r == name {
			return i
		}
	}
	return -1
}

// A Stmt is one statement of a thread.
type Stmt interface{ stmt() }

type (
	// Set gives a register a value.
	Set struct {
		Reg  int
		Expr Expr
	}
	// Load reads a variable into a register.
	Load struct {
		Reg, Var int
		Order    engine.Order
		At       *Index
	}
	// Store writes a variable.
	Store struct {
		Var   int
		Expr  Expr
		Order engine.Order
		At    *Index
	}
	// Update is an atomic read-modify-write. Old gets what it read.
	Update struct {
		Old, Var int
		Op       engine.Op
		Arg      Expr
		Order    engine.Order
		At       *Index
	}
	// CompareExchange writes Arg where it reads Expected. Old gets what it
	// read, Done whether it wrote.
	CompareExchange struct {
		Old, Done, Var int
		Expected, Arg  Expr
		Order, Fail    engine.Order
		Weak           bool
		At             *Index
	}
	// Fence is an atomic fence.
	Fence struct{ Order engine.Order }
	// If runs Then or Else.
	If struct {
		Cond       Expr
		Then, Else []Stmt
	}
	// While repeats Body as long as what Eval leaves behind makes Cond true.
	While struct {
		Eval []Stmt
		Cond Expr
		Body []Stmt
	}
	// Break ends the innermost While.
	Break struct{}
	// Return ends the thread.
	Return struct{}
)

// An Index is the element of an array that an operation is on, if that is
// computed. The operation's Var is then the array's first element of Len.
type Index struct {
	Expr Expr
	Len  int
}

func (Set) stmt()             {}
func (Load) stmt()            {}
func (Store) stmt()           {}
func (Update) stmt()          {}
func (CompareExchange) stmt() {}
func (Fence) stmt()           {}
func (If) stmt()              {}
func (While) stmt()           {}
func (Break) stmt()           {}
func (Return) stmt()          {}

// An Expr is a value computed from a thread's registers.
type Expr struct {
	Op          string // "": a number, "reg": a register, else a C operator
	Num         int64
	Reg         int
	Left, Right *Expr // unary operators have no Left
	at          position
}

// Number is the expression n.
func Number(n int64) Expr { return Expr{Num: n} }

// Register is the expression that reads register r.
func Register(r int) Expr { return Expr{Op: "reg", Reg: r} }

func (e *Expr) eval(regs []int64) int64 {
	switch e.Op {
	case "":
		return e.Num
	case "reg":
		return regs[e.Reg]
	}
	b := e.Right.eval(regs)
	if e.Left == nil {
		switch e.Op {
		case "-":
			return -b
		case "~":
			return ^b
		default: // "!"
			return truth(b == 0)
		}
	}
	a := e.Left.eval(regs)
	switch e.Op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/", "%":
		switch {
		case b == 0:
			return 0
		case b == -1:
			if e.Op == "%" {
				return 0
			}
			return -a
		case e.Op == "/":
			return a / b
		}
		return a % b
	case "<<":
		return a << uint64(b&63)
	case ">>":
		return a >> uint64(b&63)
	case "&":
		return a & b
	case "|":
		return a | b
	case "^":
		return a ^ b
	case "&&":
		return truth(a != 0 && b != 0)
	case "||":
		return truth(a != 0 || b != 0)
	case "==":
		return truth(a == b)
	case "!=":
		return truth(a != b)
	case "<":
		return truth(a < b)
	case "<=":
		return truth(a <= b)
	case ">":
		return truth(a > b)
	default: // ">="
		return truth(a >= b)
	}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
