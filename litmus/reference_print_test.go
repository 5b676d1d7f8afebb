package litmus

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

var orderNames = map[engine.Order]string{
	engine.Relaxed: "memory_order_relaxed", engine.Acquire: "memory_order_acquire", engine.Release: "memory_order_release",
	engine.AcqRel: "memory_order_acq_rel", engine.SeqCst: "memory_order_seq_cst",
}

// c is the program in C.
func (p *randProgram) c(rng *rand.Rand) string {
	var b strings.Builder
	b.WriteString("C random\n{ ")
	params := ""
	for i, name := range p.names {
		switch {
		case !p.array || i > 1:
			fmt.Fprintf(&b, "%s = %d; ", name, p.init[i])
			params += ", int* " + name
		case i == 0:
			fmt.Fprintf(&b, "int a[2] = {%d, %d}; ", p.init[0], p.init[1])
			params += ", int* a"
		}
	}
	b.WriteString("}\n")
	for i, body := range p.threads {
		fmt.Fprintf(&b, "P%d (%s) {\n  int r0; int r1; int r2;\n", i, params[2:])
		p.cBody(&b, body, rng, "  ")
		b.WriteString("}\n")
	}
	return b.String() + "exists (true)\n"
}

func (p *randProgram) cBody(b *strings.Builder, body []randStmt, rng *rand.Rand, in string) {
	for _, s := range body {
		cond := fmt.Sprintf("%s == %d", s.reg, s.eq)
		if s.negated {
			cond = fmt.Sprintf("%s != %d", s.reg, s.eq)
		}
		switch {
		case s.op != nil:
			b.WriteString(in + p.cOp(s.op, rng) + "\n")
		case s.loop != nil:
			round := ""
			for _, o := range s.loop {
				round += p.cOp(o, rng) + " "
			}
			switch rng.IntN(3) {
			case 0:
				fmt.Fprintf(b, "%sdo { %s} while (%s);\n", in, round, cond)
			case 1:
				fmt.Fprintf(b, "%sfor (;;) { %sif (!(%s)) break; }\n", in, round, cond)
			default:
				fmt.Fprintf(b, "%swhile (1) { %sif (%s) continue; break; }\n", in, round, cond)
			}
		default:
			fmt.Fprintf(b, "%sif (%s) {\n", in, cond)
			p.cBody(b, s.then, rng, in+"  ")
			if len(s.rest) > 0 {
				b.WriteString(in + "} else {\n")
				p.cBody(b, s.rest, rng, in+"  ")
			}
			b.WriteString(in + "}\n")
		}
	}
}

func (p *randProgram) cOp(o *randOp, rng *rand.Rand) string {
	at, plain := "", ""
	if o.kind != 'f' {
		at = p.names[o.loc]
		plain = "*" + at
	}
	if o.at != "" {
		at, plain = "&a["+o.at+" & 1]", "a["+o.at+" & 1]"
	} else if strings.HasSuffix(at, "]") {
		at, plain = "&"+at, at
	}
	arg := fmt.Sprint(o.arg)
	if o.dep != "" {
		arg += " + " + o.dep
	}
	suffix, order := "_explicit", ", "+orderNames[o.order]
	if o.order == engine.SeqCst && rng.IntN(2) == 0 {
		suffix, order = "", ""
	}
	switch o.kind {
	case 'r':
		if o.order == engine.NonAtomic {
			return fmt.Sprintf("%s = %s;", o.reg, plain)
		}
		return fmt.Sprintf("%s = atomic_load%s(%s%s);", o.reg, suffix, at, order)
	case 'w':
		if o.order == engine.NonAtomic {
			return fmt.Sprintf("%s = %s;", plain, arg)
		}
		return fmt.Sprintf("atomic_store%s(%s, %s%s);", suffix, at, arg, order)
	case 'f':
		return fmt.Sprintf("atomic_thread_fence(%s);", orderNames[o.order])
	case 'c':
		name := "strong"
		if o.weak {
			name = "weak"
		}
		// What it writes is computed before r gets what it expects.
		return fmt.Sprintf("int v%d = %s; int i%d = %s; int e%d = %d; int %s = atomic_compare_exchange_%s_explicit(%s, &e%d, v%d, %s, %s); %s = e%d;",
			o.id, arg, o.id, o.indexed(), o.id, o.exp, o.done(), name, strings.ReplaceAll(at, o.at+" &", fmt.Sprintf("i%d &", o.id)),
			o.id, o.id, orderNames[o.order], orderNames[o.fail], o.reg, o.id)
	}
	name := map[engine.Op]string{
		engine.OpAdd: "fetch_add", engine.OpSub: "fetch_sub", engine.OpAnd: "fetch_and", engine.OpOr: "fetch_or", engine.OpXor: "fetch_xor", engine.OpSwap: "exchange",
	}[o.op]
	return fmt.Sprintf("%s = atomic_%s%s(%s, %s%s);", o.reg, name, suffix, at, arg, order)
}

func (o *randOp) indexed() string {
	if o.at == "" {
		return "0"
	}
	return o.at
}

// json is the program in the JSON form.
func (p *randProgram) json() []byte {
	init := make(map[string]int64)
	for i, name := range p.names {
		init[name] = p.init[i]
	}
	var threads []any
	for _, body := range p.threads {
		threads = append(threads, p.jsonBody(body))
	}
	data, err := json.Marshal(map[string]any{"name": "random", "init": init, "threads": threads})
	if err != nil {
		panic(err)
	}
	return data
}

func (p *randProgram) jsonBody(body []randStmt) []any {
	orders := make(map[engine.Order]string)
	for name, o := range jsonOrders {
		orders[o] = name
	}
	list := []any{}
	for _, s := range body {
		o := s.op
		if o == nil {
			branch := map[string]any{"op": "if", "reg": s.reg, "eq": s.eq, "then": p.jsonBody(s.then)}
			if len(s.rest) > 0 {
				branch["else"] = p.jsonBody(s.rest)
			}
			list = append(list, branch)
			continue
		}
		var arg any = o.arg
		if o.dep != "" {
			arg = map[string]any{"reg": o.dep, "add": o.arg}
		}
		f := map[string]any{"mo": orders[o.order]}
		if o.kind != 'f' {
			f["var"] = p.names[o.loc]
		}
		switch o.kind {
		case 'r':
			f["op"], f["reg"] = "load", o.reg
		case 'w':
			f["op"], f["val"] = "store", arg
		case 'f':
			f["op"] = "fence"
		case 'c':
			f["op"], f["kind"], f["reg"], f["arg"] = "rmw", "cas", o.reg, arg
			f["expected"], f["mo_fail"] = o.exp, orders[o.fail]
		default:
			f["op"], f["kind"], f["reg"], f["arg"] = "rmw", "faa", o.reg, arg
			if o.op == engine.OpSwap {
				f["kind"] = "xchg"
			}
		}
		list = append(list, f)
	}
	return list
}
