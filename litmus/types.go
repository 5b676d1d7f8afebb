package litmus

import (
	"slices"
	"strings"
)

var typeWords = []string{
	"int", "long", "short", "char", "unsigned", "signed", "void", "volatile", "const", "_Bool", "bool", "_Atomic", "static", "restrict",
	"intptr_t", "uintptr_t", "size_t", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
	"ptrdiff_t", "intmax_t", "uintmax_t", "__int128", "__uint128", "__int128_t", "__uint128_t",
}

// kernelTypes are herd7's types of the Linux kernel.
var kernelTypes = map[string]bool{"spinlock_t": true, "atomic_t": true, "srcu_struct": true}

// noType says of a word that stands before a name that it is no type.
func (p *parser) noType(t token) {
	if kernelTypes[t.text] {
		p.fail(t.line, t.col, "%v is of the Linux kernel, whose memory model is not supported: expected C11 atomics, such as atomic_int", t)
	}
	p.fail(t.line, t.col, "%v is no type that is supported: expected int, long, bool or another type of integers", t)
}

// typeName reads a type, if one stands here, and says whether it is atomic.
// p.typ is then the values that it has.
func (p *parser) typeName(pointers bool) (atomic, found bool) {
	var words []string
	defer func() { p.typ = typeOf(words) }()
	for p.tok.kind == tName {
		switch t := p.tok.text; {
		case t == "atomic_flag":
			atomic = true
		case strings.HasPrefix(t, "atomic_") && !strings.Contains(t, "_explicit") && isAtomicType(t), t == "_Atomic":
			atomic = true
		case slices.Contains(typeWords, t):
		default:
			return atomic, found
		}
		found = true
		words = append(words, p.tok.text)
		if p.step().text == "_Atomic" && p.accept("(") {
			if _, ok := p.typeName(pointers); !ok {
				p.expected("a type")
			}
			words = append(words, p.typ.name)
			p.want(")")
		}
		for p.is("*") && pointers {
			p.step()
		}
	}
	return atomic, found
}

func isAtomicType(t string) bool {
	t = strings.TrimPrefix(t, "atomic_")
	for _, u := range []string{
		"int", "uint", "long", "ulong", "llong", "ullong", "short", "ushort", "char", "uchar", "schar", "bool", "size_t",
		"intptr_t", "uintptr_t", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
		"uint_fast64_t", "int_fast64_t", "uint_fast32_t", "int_fast32_t",
	} {
		if t == u {
			return true
		}
	}
	return false
}

// widths are the types that one word says, without atomic_ and _t before and
// behind it, on a machine of 64 bits.
var widths = map[string]ctype{
	"_Bool": {bits: 1}, "bool": {bits: 1}, "flag": {bits: 1},
	"char": {bits: 8}, "schar": {bits: 8}, "uchar": {bits: 8, unsigned: true},
	"short": {bits: 16}, "ushort": {bits: 16, unsigned: true},
	"int": {bits: 32}, "uint": {bits: 32, unsigned: true},
	"long": {bits: 64}, "llong": {bits: 64}, "ulong": {bits: 64, unsigned: true}, "ullong": {bits: 64, unsigned: true},
	"int8": {bits: 8}, "int16": {bits: 16}, "int32": {bits: 32}, "int64": {bits: 64},
	"uint8": {bits: 8, unsigned: true}, "uint16": {bits: 16, unsigned: true},
	"uint32": {bits: 32, unsigned: true}, "uint64": {bits: 64, unsigned: true},
	"size": {bits: 64, unsigned: true}, "uintptr": {bits: 64, unsigned: true}, "uintmax": {bits: 64, unsigned: true},
	"intptr": {bits: 64}, "intmax": {bits: 64}, "ptrdiff": {bits: 64},
}

// typeOf is the type that the words say in any order. Of one that is not known
// here, such as __int128, it is one with all values.
func typeOf(words []string) ctype {
	var t ctype
	unsigned, signed, known := false, false, 0
	for word := range strings.FieldsSeq(strings.Join(words, " ")) {
		switch base := strings.TrimSuffix(strings.TrimPrefix(word, "atomic_"), "_t"); {
		case base == "unsigned":
			unsigned = true
		case base == "signed":
			signed = true
		case widths[base].bits > 0:
			// long int and short int are long and short.
			if w := widths[base]; known == 0 || base != "int" {
				t = w
			}
			known++
		}
	}
	if known == 0 && (unsigned || signed) {
		t = widths["int"]
	}
	t.unsigned = t.unsigned || unsigned && t.bits > 1
	t.name = strings.Join(words, " ")
	return t
}

// declare notes the type of register r.
func (t *Thread) declare(r int, typ ctype) {
	if t.types == nil {
		t.types = make(map[int]ctype)
	}
	t.types[r] = typ
}

// typeVariable gives the variable the type that a thread declares it with, if it
// has none from the initial state. Its initial value has to fit.
func (p *parser) typeVariable(v int, typ ctype, at token) {
	x := &p.prog.Vars[v]
	if x.typ.bits > 0 {
		return
	}
	if x.typ = typ; !typ.fits(x.Init) {
		p.fail(at.line, at.col, "%v is %d at first: %w", at, x.Init, typ.misfit(x.Init))
	}
}

// numberOf reads a number of that type.
func (p *parser) numberOf(typ ctype) int64 {
	at := p.tok
	n := p.number()
	if !typ.fits(n) {
		p.fail(at.line, at.col, "%w", typ.misfit(n))
	}
	return n
}

// set emits r = e.
func (p *parser) set(r int, e Expr) { p.emit(Set{r, p.converted(e, p.thread.types[r])}) }

// valueFor reads an expression whose value the variable gets.
func (p *parser) valueFor(l location) Expr { return p.converted(p.expr(), p.prog.Vars[l.first].typ) }

// converted is e as a value of that type: what is not 0 is true, and what is
// known not to fit is a mistake.
func (p *parser) converted(e Expr, typ ctype) Expr {
	if typ.bits == 1 && !e.truth() {
		zero := Number(0)
		return Expr{Op: "!=", Left: &e, Right: &zero, at: e.at}
	}
	if v, ok := e.constant(); ok && !typ.fits(v) {
		p.fail(e.at.line, e.at.col, "%w", typ.misfit(v))
	}
	return e
}

// truth reports whether e can only be 0 or 1.
func (e *Expr) truth() bool {
	switch e.Op {
	case "":
		return e.Num == 0 || e.Num == 1
	case "!", "==", "!=", "<", "<=", ">", ">=", "&&", "||":
		return true
	}
	return false
}
