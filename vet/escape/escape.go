package escape

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports lent pointers that outlive their loan.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	for _, fn := range prog.SrcFuncs {
		for _, l := range borrow.Loans(fn) {
			c := checker{pass: pass, loan: l, reported: map[token.Pos]bool{}}
			keeps := l.From.Pkg == api.Lock || l.From.Pkg == api.Cell
			switch {
			case l.Contents && !keeps:
				continue
			case !l.Contents:
				c.set = borrow.Derived(l.Ptr, false)
			}
			c.inside = c.set
			if keeps {
				c.inside = borrow.Derived(l.Ptr, true)
			}
			in := fn
			if l.Scope != nil {
				in = l.Scope
			} else {
				c.ends = ends(fn, l.Owner)
			}
			for _, end := range c.ends {
				if !end.Deferred {
					c.after(end)
				}
			}
			if l.Scope != nil || len(c.ends) > 0 {
				c.outlives(in)
				c.captured(starts.In(in))
			}
		}
	}
	return nil, nil
}

type checker struct {
	pass     *analysis.Pass
	loan     borrow.Loan
	set      map[ssa.Value]bool
	inside   map[ssa.Value]bool // with the slices and maps that a lock keeps to its holder
	ends     []borrow.Move
	reported map[token.Pos]bool
}

// ends returns the calls that end the loans of owner in fn, those in deferred
// closures included.
func ends(fn *ssa.Function, owner lockset.Path) []borrow.Move {
	var out []borrow.Move
	for _, m := range borrow.Moves(fn) {
		if m.Owner.Same(owner) {
			out = append(out, m)
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			closure := api.Target(d.Call.Value)
			if closure == nil || closure.Parent() != fn {
				continue
			}
			for _, m := range borrow.Moves(closure) {
				if m.Owner.Same(owner) {
					m.Deferred = true
					out = append(out, m)
				}
			}
		}
	}
	return out
}

func (c checker) at(pos token.Pos) string { return lockset.Position(c.pass, pos) }

// lent says which pointer it is about.
func (c checker) lent() string {
	if c.loan.Scope != nil {
		return fmt.Sprintf("the pointer that %s.%s lends to this function", c.loan.From.Recv, c.loan.From.Name)
	}
	what := "pointer"
	if c.loan.Contents {
		what = refers(c.loan.Ptr.Type())
	}
	return fmt.Sprintf("the %s that %s.%s lent at %s", what, c.loan.From.Recv, c.loan.From.Name, c.at(c.loan.Ptr.Pos()))
}

// until says when the loan ends.
func (c checker) until() string {
	if c.loan.Scope != nil {
		return "is good only until the function returns"
	}
	end := c.ends[0]
	when := "is"
	if end.Deferred {
		when = "is, by a deferred call,"
	}
	return fmt.Sprintf("but %s %s %s at %s", borrow.Noun(c.loan.From.Recv), when, borrow.Ended(end.Func), c.at(end.Call.Pos()))
}

func (c checker) report(pos token.Pos, format string, args ...any) {
	if !pos.IsValid() || c.reported[pos] {
		return
	}
	c.reported[pos] = true
	d := analysis.Diagnostic{Pos: pos, Message: fmt.Sprintf(format, args...)}
	if c.loan.Ptr.Pos().IsValid() {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: c.loan.Ptr.Pos(), Message: "lent here"})
	}
	for _, end := range c.ends {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: end.Call.Pos(), Message: borrow.Ended(end.Func) + " here"})
	}
	c.pass.Report(d)
}

// after reports uses of the pointer that follow the end of its loan.
func (c checker) after(end borrow.Move) {
	stop := func(instr ssa.Instruction) bool {
		v, ok := instr.(ssa.Value)
		return ok && v == c.loan.Ptr || c.loan.Owner.Assigns(instr)
	}
	borrow.After(end.From, stop, func(instr ssa.Instruction) bool {
		if used := c.use(instr); used != "" {
			c.report(instr.Pos(), "%s is %s here after %s was %s at %s", c.lent(), used, borrow.Noun(c.loan.From.Recv), borrow.Ended(end.Func), c.at(end.Call.Pos()))
		}
		return true
	})
}

// use says how instr uses the pointer, or is "".
func (c checker) use(instr ssa.Instruction) string {
	has := func(v ssa.Value) bool { return c.inside[v] && !variable(v) }
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.MUL && has(instr.X) {
			return "read through"
		}
	case *ssa.Store:
		if has(instr.Addr) {
			return "written through"
		}
	case *ssa.Lookup:
		if has(instr.X) {
			return "read through"
		}
	case *ssa.MapUpdate:
		if has(instr.Map) {
			return "written through"
		}
	case *ssa.Return:
		if slices.ContainsFunc(instr.Results, has) {
			return "returned"
		}
	case *ssa.Send:
		if has(instr.X) {
			return "sent"
		}
	case ssa.CallInstruction:
		if _, ok := instr.(*ssa.Defer); !ok && slices.ContainsFunc(instr.Common().Args, has) {
			return "passed on"
		}
	}
	return ""
}

// refers says what of the type t is: a slice or a map.
func refers(t types.Type) string {
	if _, ok := t.Underlying().(*types.Map); ok {
		return "map"
	}
	return "slice"
}

// variable reports whether v is the address of a variable, rather than a
// pointer that was lent.
func variable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

// outlives reports where fn puts the pointer in a place that is still there
// when the loan has ended.
func (c checker) outlives(fn *ssa.Function) {
	deferred := c.loan.Scope != nil || slices.ContainsFunc(c.ends, func(m borrow.Move) bool { return m.Deferred })
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				for _, v := range instr.Results {
					switch {
					case deferred && c.set[v]:
						c.report(instr.Pos(), "%s is returned here, %s", c.lent(), c.until())
					case deferred && c.inside[v] && c.loan.Contents:
						c.report(instr.Pos(), "%s is returned here, %s; return a copy", c.lent(), c.until())
					case deferred && c.inside[v]:
						c.report(instr.Pos(), "the %s behind %s is returned here, %s; return a copy", refers(v.Type()), c.lent(), c.until())
					}
				}
			case *ssa.Store:
				if !c.set[instr.Val] || variable(instr.Val) || c.set[instr.Addr] && !outside(instr.Addr, fn) {
					continue
				}
				if outside(instr.Addr, fn) {
					c.report(instr.Pos(), "%s is stored in %s here, which outlives it; it %s", c.lent(), placeName(instr.Addr), c.end())
				}
			case *ssa.Send:
				if c.set[instr.X] && !variable(instr.X) {
					c.report(instr.Pos(), "%s is sent to another goroutine here; it %s", c.lent(), c.end())
				}
			case *ssa.MapUpdate:
				if c.set[instr.Value] && !variable(instr.Value) && outside(instr.Map, fn) {
					c.report(instr.Pos(), "%s is stored in a map here, which outlives it; it %s", c.lent(), c.end())
				}
			}
		}
	}
}

func (c checker) end() string {
	if c.loan.Scope != nil {
		return c.until()
	}
	return fmt.Sprintf("is good only until %s is %s at %s", borrow.Noun(c.loan.From.Recv), borrow.Ended(c.ends[0].Func), c.at(c.ends[0].Call.Pos()))
}

func placeName(addr ssa.Value) string {
	if fv, ok := addr.(*ssa.FreeVar); ok {
		return fv.Name()
	}
	return lockset.Resolve(addr).String()
}

// outside reports whether the place at addr exists outside of fn.
func outside(addr ssa.Value, fn *ssa.Function) bool {
	p := lockset.Resolve(addr)
	switch r := p.Root.(type) {
	case *ssa.Global, *ssa.Parameter:
		return true
	case *ssa.Alloc:
		return r.Parent() != fn
	}
	return false
}

// captured reports goroutines that get the pointer and that nobody waits for
// before the loan ends.
func (c checker) captured(starts []goroutine.Start) {
	for _, s := range starts {
		if s.Joined || s.Group != nil || waitsAfter(s.Site) {
			continue
		}
		values := slices.Clone(s.Args)
		if m, ok := s.Fn.(*ssa.MakeClosure); ok {
			values = append(values, m.Bindings...)
		}
		for _, v := range values {
			if c.set[v] {
				c.report(s.Pos(), "%s is used by the goroutine started here, which may outlive it; it %s", c.lent(), c.end())
				break
			}
		}
	}
}

// waitsAfter reports whether something that can join a goroutine follows site.
func waitsAfter(site ssa.CallInstruction) bool {
	found := false
	never := func(ssa.Instruction) bool { return false }
	borrow.After(site.(ssa.Instruction), never, func(instr ssa.Instruction) bool {
		switch instr := instr.(type) {
		case *ssa.UnOp:
			found = found || instr.Op == token.ARROW
		case *ssa.Select:
			found = true
		case *ssa.Call:
			found = found || goroutine.IsJoin(&instr.Call)
		}
		return !found
	})
	return found
}
