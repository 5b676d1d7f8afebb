package share

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/parallel"
)

// A side is one of the two accesses of a race, as a message tells of it.
type side struct {
	name   string
	pos    token.Pos
	write  bool
	atomic bool
	closes bool            // it closes a channel, or sends to it
	start  ssa.Instruction // of its goroutine; nil for the one that calls the root
	thread int             // of two with one start, it is the same
}

func staticSide(a *parallel.Access) side {
	s := side{name: a.Name(), pos: a.SourcePos(), write: a.Write, atomic: a.Atomic, closes: a.Close, thread: a.Thread.ID}
	if a.Thread.Parent != nil {
		s.start = a.Thread.Site.Instr
	}
	return s
}

func exactSide(u exact.Use) side {
	s := side{write: u.Write, atomic: u.Atomic, start: u.Start, closes: u.Close}
	s.name, s.pos = parallel.Describe(u.Instr)
	if u.Start != nil {
		s.thread = int(u.Start.Pos())
	}
	return s
}

// A variable is memory as two goroutines see it.
type variable struct {
	obj          ssa.Value
	path         string
	here, beside ssa.Instruction
}

type reporter struct {
	pass *analysis.Pass
	told map[variable]bool
	at   map[token.Pos]bool
}

// report tells of one race, unless one of its writes was told of before.
// category says how certain it is.
func (r *reporter) report(a, b side, what variable, category string) {
	if b.write && !a.write || b.thread < a.thread && b.write == a.write {
		a, b = b, a
	}
	if !a.pos.IsValid() || !b.pos.IsValid() {
		return
	}
	// One finding for a write is enough to see what is wrong with it.
	if r.at[a.pos] || r.at[b.pos] && b.write {
		return
	}
	// Nor does a variable that is written in many places need one for each.
	if r.told[what] {
		return
	}
	r.told[what] = true
	r.at[a.pos] = true
	if b.write {
		r.at[b.pos] = true
	}
	d := analysis.Diagnostic{Pos: a.pos, Message: r.message(a, b), Category: category}
	if a.pos != b.pos {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: b.pos, Message: "the other use: " + b.name + " is " + b.verb() + " here"})
	}
	for _, x := range []side{a, b} {
		if x.start == nil {
			continue
		}
		pos := x.start.Pos()
		if !slices.ContainsFunc(d.Related, func(r analysis.RelatedInformation) bool { return r.Pos == pos }) {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, Message: "the goroutine starts here"})
		}
	}
	r.pass.Report(d)
}

func (r *reporter) message(a, b side) string {
	if a.closes {
		return fmt.Sprintf("%s is closed here and %s at %s; nothing orders the two, and what comes second panics", a.name, b.verb(), r.place(b.pos))
	}
	same := a.thread == b.thread && a.start == b.start
	switch {
	case same && a.pos == b.pos:
		return fmt.Sprintf("%s is %s here by every goroutine started at %s; nothing orders them", a.name, a.verb(), r.place(a.start.Pos()))
	case same:
		return fmt.Sprintf("%s is %s here and %s at %s by another of the goroutines started at %s; nothing orders the two",
			a.name, a.verb(), b.verb(), r.place(b.pos), r.place(a.start.Pos()))
	case a.start == nil:
		return fmt.Sprintf("%s is %s here and %s by the goroutine started at %s; nothing orders the two", a.name, a.verb(), b.verbAfter(a), r.place(b.start.Pos()))
	case b.start == nil:
		return fmt.Sprintf("%s is %s here, by the goroutine started at %s, and %s at %s; nothing orders the two",
			a.name, a.verb(), r.place(a.start.Pos()), b.verb(), r.place(b.pos))
	}
	return fmt.Sprintf("%s is %s here, by the goroutine started at %s, and %s by the one started at %s; nothing orders the two",
		a.name, a.verb(), r.place(a.start.Pos()), b.verb(), r.place(b.start.Pos()))
}

func (s side) verb() string {
	switch {
	case s.closes && s.write:
		return "closed"
	case s.closes:
		return "sent to"
	case s.atomic && s.write:
		return "written atomically"
	case s.atomic:
		return "used"
	case s.write:
		return "written"
	}
	return "read"
}

// verbAfter leaves the word out where it would be said twice.
func (s side) verbAfter(first side) string {
	if s.verb() == first.verb() {
		return "also"
	}
	return s.verb()
}

// place is a position for a message: file and line.
func (r *reporter) place(pos token.Pos) string {
	p := r.pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}
