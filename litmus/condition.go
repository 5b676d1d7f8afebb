package litmus

import (
	"fmt"
	"strings"
)

// A Condition is what a litmus test asks of its final states.
type Condition struct {
	Quantifier Quantifier
	Prop       Prop
}

// Quantifier says of how many executions a condition must be true.
type Quantifier uint8

// The quantifiers.
const (
	Exists    Quantifier = iota // at least one
	NotExists                   // none
	Forall                      // all
)

func (q Quantifier) String() string { return [...]string{"exists", "~exists", "forall"}[q] }

// kind is the word that herd7 has for a test with such a condition.
func (q Quantifier) kind() string { return [...]string{"Allowed", "Forbidden", "Required"}[q] }

// holds reports whether a condition with that quantifier is met when positive
// executions satisfy its proposition and negative ones do not.
func (q Quantifier) holds(positive, negative int) bool {
	switch q {
	case Exists:
		return positive > 0
	case NotExists:
		return positive == 0
	default:
		return negative == 0
	}
}

// A Prop is a proposition about a final state.
type Prop struct {
	Op   string // "=", "!=", "/\\", "\\/", "=>", "~", "true", "false"
	At   Place  // = and !=
	Num  int64
	Args []Prop
}

// A Place is a variable, or a register of a thread.
type Place struct {
	Thread int // -1: a variable
	Index  int
	Name   string
}

func (p Place) String() string {
	switch {
	case p.Thread >= 0:
	case strings.HasSuffix(p.Name, "]"): // of an array
		return p.Name
	default:
		return "[" + p.Name + "]"
	}
	return fmt.Sprintf("%d:%s", p.Thread, p.Name)
}

func (p Place) value(s *State) int64 {
	if p.Thread < 0 {
		return s.Vars[p.Index]
	}
	return s.Regs[p.Thread][p.Index]
}

func (p *Prop) holds(s *State) bool {
	switch p.Op {
	case "=":
		return p.At.value(s) == p.Num
	case "!=":
		return p.At.value(s) != p.Num
	case "/\\":
		for i := range p.Args {
			if !p.Args[i].holds(s) {
				return false
			}
		}
		return true
	case "\\/":
		for i := range p.Args {
			if p.Args[i].holds(s) {
				return true
			}
		}
		return false
	case "=>":
		return !p.Args[0].holds(s) || p.Args[1].holds(s)
	case "~":
		return !p.Args[0].holds(s)
	default:
		return p.Op == "true"
	}
}

func (p *Prop) places(add func(Place)) {
	if p.Op == "=" || p.Op == "!=" {
		add(p.At)
	}
	for i := range p.Args {
		p.Args[i].places(add)
	}
}

func (c *Condition) String() string {
	return fmt.Sprintf("%v (%v)", c.Quantifier, &c.Prop)
}

func (p *Prop) String() string {
	switch p.Op {
	case "=":
		return fmt.Sprintf("%v=%d", p.At, p.Num)
	case "!=":
		return fmt.Sprintf("not (%v=%d)", p.At, p.Num)
	case "~":
		return "not (" + p.Args[0].String() + ")"
	case "true", "false":
		return p.Op
	}
	parts := make([]string, len(p.Args))
	for i := range p.Args {
		parts[i] = p.Args[i].String()
		if p.parenthesizes(&p.Args[i]) {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " "+p.Op+" ")
}

// parenthesizes reports whether herd7 prints the operand a in parentheses.
func (p *Prop) parenthesizes(a *Prop) bool {
	return len(a.Args) > 1 && a.Op != p.Op && (p.Op != "\\/" || a.Op == "=>")
}
