package litmus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

type jsonProgram struct {
	Name    string           `json:"name"`
	Init    map[string]int64 `json:"init"`
	Threads [][]jsonOp       `json:"threads"`
}

type jsonOp struct {
	Op       string          `json:"op"`
	Var      string          `json:"var"`
	Val      json.RawMessage `json:"val"`
	Reg      string          `json:"reg"`
	Mo       string          `json:"mo"`
	MoFail   string          `json:"mo_fail"`
	Kind     string          `json:"kind"`
	Arg      json.RawMessage `json:"arg"`
	Expected json.RawMessage `json:"expected"`
	Eq       *int64          `json:"eq"`
	Then     []jsonOp        `json:"then"`
	Else     []jsonOp        `json:"else"`
}

// ParseJSON reads programs in the JSON form: one object or an array of them.
// name is the file named in errors.
func ParseJSON(name string, data []byte) ([]*Program, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	first := bytes.TrimLeft(data, " \t\r\n")
	at := func(err error) error { return jsonError(name, data, dec.InputOffset(), err) }
	var list []*Program
	one := func() error {
		start := dec.InputOffset()
		var raw jsonProgram
		if err := dec.Decode(&raw); err != nil {
			return at(err)
		}
		p, err := raw.program()
		if err != nil {
			for start < int64(len(data)) && bytes.IndexByte([]byte(" \t\r\n,"), data[start]) >= 0 {
				start++
			}
			return jsonError(name, data, start, err)
		}
		list = append(list, p)
		return nil
	}
	if len(first) == 0 || first[0] != '[' {
		if err := one(); err != nil {
			return nil, err
		}
	} else {
		if _, err := dec.Token(); err != nil {
			return nil, at(err)
		}
		for dec.More() {
			if err := one(); err != nil {
				return nil, err
			}
		}
		if _, err := dec.Token(); err != nil {
			return nil, at(err)
		}
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, at(fmt.Errorf("expected the end of the file"))
	}
	return list, nil
}

func jsonError(name string, data []byte, offset int64, err error) error {
	switch e := err.(type) {
	case *json.SyntaxError:
		offset = max(e.Offset-1, 0) // Offset is behind the byte at fault
	case *json.UnmarshalTypeError:
		offset = e.Offset
		err = fmt.Errorf("expected %s, found %s in %q", e.Type, e.Value, e.Field)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF || err.Error() == "unexpected end of JSON input" {
		offset = int64(len(data))
		err = fmt.Errorf("the file ends in the middle: expected a litmus program as a JSON object, or an array of them")
	}
	line, col := 1, 1
	for _, c := range data[:min(offset, int64(len(data)))] {
		if c == '\n' {
			line, col = line+1, 1
		} else {
			col++
		}
	}
	return &ParseError{File: name, Line: line, Column: col, Err: err}
}

func (j *jsonProgram) program() (*Program, error) {
	p := &Program{Name: j.Name}
	if p.Name == "" {
		return nil, fmt.Errorf(`expected "name": what the program is called`)
	}
	if len(j.Threads) == 0 {
		return nil, fmt.Errorf(`program %s: expected "threads": a list of lists of operations`, quote(p.Name))
	}
	if len(j.Threads) > maxThreads {
		return nil, fmt.Errorf("program %s has %d threads: at most %d are possible", quote(p.Name), len(j.Threads), maxThreads)
	}
	vars := make([]string, 0, len(j.Init))
	for v := range j.Init {
		vars = append(vars, v)
	}
	slices.Sort(vars)
	for _, v := range vars {
		p.Vars = append(p.Vars, Var{v, j.Init[v]})
	}
	for i, ops := range j.Threads {
		var t Thread
		body, err := p.jsonBody(&t, ops, 0)
		if err != nil {
			return nil, fmt.Errorf("program %s, thread %d: %w", quote(p.Name), i, err)
		}
		t.Body = body
		p.Threads = append(p.Threads, t)
	}
	return p, nil
}

const (
	maxThreads = 256
	maxDepth   = 100
)

func (p *Program) jsonBody(t *Thread, ops []jsonOp, depth int) ([]Stmt, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d ifs inside each other", maxDepth)
	}
	var body []Stmt
	for i := range ops {
		s, err := p.jsonStmt(t, &ops[i], depth)
		if err != nil {
			return nil, fmt.Errorf("operation %d: %w", i, err)
		}
		body = append(body, s)
	}
	return body, nil
}

func (p *Program) jsonStmt(t *Thread, op *jsonOp, depth int) (Stmt, error) {
	var v int
	switch op.Op {
	default:
		return nil, fmt.Errorf(`"op" is %s: expected store, load, rmw, fence or if`, quote(op.Op))
	case "fence", "if":
	case "load", "store", "rmw":
		if v = p.variable(op.Var); v < 0 {
			return nil, fmt.Errorf(`%s of %s: expected "var" to be one of those in "init"`, op.Op, quote(op.Var))
		}
	}
	if op.Op == "load" || op.Op == "rmw" || op.Op == "if" {
		if op.Reg == "" {
			return nil, fmt.Errorf(`%s: expected "reg": the name of a register`, op.Op)
		}
	}
	var order engine.Order
	if op.Op != "if" {
		var ok bool
		if order, ok = jsonOrders[op.Mo]; !ok {
			return nil, fmt.Errorf(`%s: "mo" is %s: expected na, rlx, acq, rel, acqrel or sc`, op.Op, quote(op.Mo))
		}
	}
	switch op.Op {
	case "load":
		if order == engine.Release || order == engine.AcqRel {
			return nil, fmt.Errorf("a load cannot be %s: expected na, rlx, acq or sc", op.Mo)
		}
		return Load{Reg: t.register(op.Reg), Var: v, Order: order}, nil
	case "store":
		if order == engine.Acquire || order == engine.AcqRel {
			return nil, fmt.Errorf("a store cannot be %s: expected na, rlx, rel or sc", op.Mo)
		}
		e, err := t.jsonExpr("val", op.Val)
		return Store{Var: v, Expr: e, Order: order}, err
	case "fence":
		if order < engine.Acquire {
			return nil, fmt.Errorf("a fence cannot be %s: expected acq, rel, acqrel or sc", op.Mo)
		}
		return Fence{order}, nil
	case "rmw":
		return p.jsonUpdate(t, op, v, order)
	default: // "if"
		if op.Eq == nil {
			return nil, fmt.Errorf(`if: expected "eq": the number to compare the register with`)
		}
		r := Register(t.register(op.Reg))
		n := Number(*op.Eq)
		then, err := p.jsonBody(t, op.Then, depth+1)
		if err != nil {
			return nil, err
		}
		other, err := p.jsonBody(t, op.Else, depth+1)
		return If{Expr{Op: "==", Left: &r, Right: &n}, then, other}, err
	}
}

func (p *Program) jsonUpdate(t *Thread, op *jsonOp, v int, order engine.Order) (Stmt, error) {
	if order == engine.NonAtomic {
		return nil, fmt.Errorf("an rmw cannot be na: expected rlx, acq, rel, acqrel or sc")
	}
	arg, err := t.jsonExpr("arg", op.Arg)
	if err != nil {
		return nil, err
	}
	switch op.Kind {
	case "faa":
		return Update{Old: t.register(op.Reg), Var: v, Op: engine.OpAdd, Arg: arg, Order: order}, nil
	case "xchg":
		return Update{Old: t.register(op.Reg), Var: v, Op: engine.OpSwap, Arg: arg, Order: order}, nil
	case "cas":
		fail, ok := jsonOrders[op.MoFail]
		if !ok || fail == engine.NonAtomic || fail == engine.Release || fail == engine.AcqRel {
			return nil, fmt.Errorf(`cas: "mo_fail" is %s: expected rlx, acq or sc`, quote(op.MoFail))
		}
		exp, err := t.jsonExpr("expected", op.Expected)
		return CompareExchange{
			Old: t.register(op.Reg), Done: -1, Var: v, Expected: exp, Arg: arg, Order: order, Fail: fail,
		}, err
	}
	return nil, fmt.Errorf(`rmw: "kind" is %s: expected faa, xchg or cas`, quote(op.Kind))
}

var jsonOrders = map[string]engine.Order{
	"na": engine.NonAtomic, "rlx": engine.Relaxed, "acq": engine.Acquire,
	"rel": engine.Release, "acqrel": engine.AcqRel, "sc": engine.SeqCst,
}

// jsonExpr reads a number or {"reg": R, "add": K}.
func (t *Thread) jsonExpr(field string, raw json.RawMessage) (Expr, error) {
	var n int64
	if json.Unmarshal(raw, &n) == nil && len(raw) > 0 && string(raw) != "null" {
		return Number(n), nil
	}
	var sum struct {
		Reg string `json:"reg"`
		Add int64  `json:"add"`
	}
	if err := json.Unmarshal(raw, &sum); err != nil || sum.Reg == "" {
		return Expr{}, fmt.Errorf(`expected %q: a number or {"reg": R, "add": K}`, field)
	}
	r, k := Register(t.register(sum.Reg)), Number(sum.Add)
	return Expr{Op: "+", Left: &r, Right: &k}, nil
}
