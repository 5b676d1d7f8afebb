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
// Values are 64 bits wide whatever their type.
func (p *parser) typeName(pointers bool) (atomic, found bool) {
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
		if p.step().text == "_Atomic" && p.accept("(") {
			if _, ok := p.typeName(pointers); !ok {
				p.expected("a type")
			}
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
