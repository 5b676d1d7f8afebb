package litmus

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

const (
	maxThreads = 256
	maxDepth   = 100
)

// ParseJSON reads programs in the JSON form: one object or an array of them.
// name is the file named in errors, which are *ParseError.
func ParseJSON(name string, data []byte) (list []*Program, err error) {
	if err := tooLong(name, data); err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := &jsonReader{file: name, data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case syntaxError:
			list, err = nil, e.ParseError
		default:
			panic(e)
		}
	}()
	r.syntax()
	r.dec.UseNumber()
	top := r.node()
	programs := []node{top}
	if top.token == json.Delim('[') {
		programs = top.list
	}
	if len(programs) == 0 {
		r.fail(top.at, "there is no program here: expected a litmus program as a JSON object, or an array of them")
	}
	for i := range programs {
		list = append(list, r.program(&programs[i]))
	}
	return list, nil
}

// programField reports whether a program may have a field with that name. What
// is known of a program, or said of it, stands beside it under any name, and is
// not read here; but a name that looks like one of those that are read is a
// mistake.
func programField(s string) bool {
	known := []string{"name", "init", "threads"}
	if slices.Contains(known, s) {
		return true
	}
	return !slices.ContainsFunc(known, func(k string) bool {
		lower := strings.ToLower(s)
		return strings.HasPrefix(lower, k) || len(s) > 2 && strings.HasPrefix(k, lower) || distance(lower, k) <= len(k)/3
	})
}

// distance is how many letters have to be changed, put in or left out to make
// b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, before+1, row[j]+1)
		}
	}
	return row[len(b)]
}

func (r *jsonReader) program(n *node) *Program {
	r.object(n, "a program", programField)
	p := &Program{Name: r.text(n, "name", "what the program is called")}
	if init := n.get("init"); init != nil {
		r.object(init, `"init"`, func(string) bool { return true })
		for i := range init.fields {
			f := &init.fields[i]
			p.Vars = append(p.Vars, Var{Name: f.name, Init: r.number(&f.value, f.name)})
		}
		slices.SortFunc(p.Vars, func(a, b Var) int { return strings.Compare(a.Name, b.Name) })
	}
	const threads = "a list of lists of operations"
	v := r.need(n, "threads", threads)
	list := r.array(v, "threads", threads)
	if len(list) == 0 || len(list) > maxThreads {
		r.fail(v.at, "program %s has %d threads: from 1 to %d are possible", quote(p.Name), len(list), maxThreads)
	}
	for i := range list {
		var t Thread
		t.Body = r.body(p, &t, r.array(&list[i], "threads", "a list of operations for each thread"))
		p.Threads = append(p.Threads, t)
	}
	return p
}

func (r *jsonReader) body(p *Program, t *Thread, ops []node) []Stmt {
	var body []Stmt
	for i := range ops {
		body = append(body, r.stmt(p, t, &ops[i]))
	}
	return body
}

// opFields are the fields of each operation.
var opFields = map[string][]string{
	"load":  {"op", "var", "reg", "mo"},
	"store": {"op", "var", "val", "mo"},
	"fence": {"op", "mo"},
	"if":    {"op", "reg", "eq", "then", "else"},
	"rmw":   {"op", "kind", "var", "arg", "reg", "mo"},
	"cas":   {"op", "kind", "var", "arg", "reg", "mo", "expected", "mo_fail"},
}

func (r *jsonReader) stmt(p *Program, t *Thread, n *node) Stmt {
	r.object(n, "an operation", func(string) bool { return true })
	op := r.text(n, "op", "store, load, rmw, fence or if")
	kind, what := "", "a "+op
	if op == "rmw" {
		what = "an rmw"
		if kind = r.text(n, "kind", "faa, xchg or cas"); kind == "cas" {
			what = "a cas"
		} else if kind != "faa" && kind != "xchg" {
			r.fail(n.get("kind").at, `rmw: "kind" is %s: expected faa, xchg or cas`, quote(kind))
		}
	}
	fields, ok := opFields[op]
	switch {
	case !ok || op == "cas":
		r.fail(n.get("op").at, `"op" is %s: expected store, load, rmw, fence or if`, quote(op))
	case kind == "cas":
		fields = opFields["cas"]
	case op == "if":
		what = "an if"
	}
	r.object(n, what, among(fields...))
	switch op {
	case "load":
		v, reg := r.variable(p, n, op), r.register(t, n)
		return Load{Reg: reg, Var: v, Order: r.order(n, "mo", what, "na", "rlx", "acq", "sc")}
	case "store":
		v, e := r.variable(p, n, op), r.expr(t, n, "val")
		return Store{Var: v, Expr: e, Order: r.order(n, "mo", what, "na", "rlx", "rel", "sc")}
	case "fence":
		return Fence{r.order(n, "mo", what, "acq", "rel", "acqrel", "sc")}
	case "rmw":
		return r.update(p, t, n, kind, what)
	default: // "if"
		reg := Register(r.register(t, n))
		eq := Number(r.number(r.need(n, "eq", "the number to compare the register with"), "eq"))
		then := r.branch(p, t, n, "then")
		return If{Expr{Op: "==", Left: &reg, Right: &eq}, then, r.branch(p, t, n, "else")}
	}
}

func (r *jsonReader) branch(p *Program, t *Thread, n *node, name string) []Stmt {
	v := n.get(name)
	if v == nil {
		return nil
	}
	return r.body(p, t, r.array(v, name, "a list of operations"))
}

func (r *jsonReader) update(p *Program, t *Thread, n *node, kind, what string) Stmt {
	v, arg := r.variable(p, n, "rmw"), r.expr(t, n, "arg")
	order := r.order(n, "mo", what, "rlx", "acq", "rel", "acqrel", "sc")
	switch kind {
	case "faa":
		return Update{Old: r.register(t, n), Var: v, Op: engine.OpAdd, Arg: arg, Order: order}
	case "xchg":
		return Update{Old: r.register(t, n), Var: v, Op: engine.OpSwap, Arg: arg, Order: order}
	default: // "cas"
		fail := r.order(n, "mo_fail", "a cas that fails", "rlx", "acq", "sc")
		exp := r.expr(t, n, "expected")
		return CompareExchange{
			Old: r.register(t, n), Done: -1, Var: v, Expected: exp, Arg: arg, Order: order, Fail: fail,
		}
	}
}

func (r *jsonReader) variable(p *Program, n *node, op string) int {
	name := r.text(n, "var", `one of the variables in "init"`)
	v := p.variable(name)
	if v < 0 {
		r.fail(n.get("var").at, `%s of %s: expected "var" to be one of those in "init"`, op, quote(name))
	}
	return v
}

func (r *jsonReader) register(t *Thread, n *node) int {
	return t.register(r.text(n, "reg", "the name of a register"))
}

var jsonOrders = map[string]engine.Order{
	"na": engine.NonAtomic, "rlx": engine.Relaxed, "acq": engine.Acquire,
	"rel": engine.Release, "acqrel": engine.AcqRel, "sc": engine.SeqCst,
}

func (r *jsonReader) order(n *node, name, what string, allowed ...string) engine.Order {
	all := strings.Join(allowed[:len(allowed)-1], ", ") + " or " + allowed[len(allowed)-1]
	s := r.text(n, name, all)
	switch _, ok := jsonOrders[s]; {
	case !ok:
		r.fail(n.get(name).at, `%q is %s: expected %s`, name, quote(s), all)
	case !slices.Contains(allowed, s):
		r.fail(n.get(name).at, "%s cannot be %s: expected %s", what, s, all)
	}
	return jsonOrders[s]
}

// expr reads a number or {"reg": R, "add": K}.
func (r *jsonReader) expr(t *Thread, n *node, name string) Expr {
	const what = `a number or {"reg": R, "add": K}`
	v := r.need(n, name, what)
	switch v.token.(type) {
	case json.Number:
		return Number(r.number(v, name))
	case json.Delim:
	default:
		r.fail(v.at, "expected %q: %s, found %s", name, what, v.kind())
	}
	r.object(v, quote(name), among("reg", "add"))
	reg := Register(r.register(t, v))
	k := Number(0)
	if add := v.get("add"); add != nil {
		k = Number(r.number(add, "add"))
	}
	return Expr{Op: "+", Left: &reg, Right: &k}
}
