package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Locks is the fact that a function acquires, releases or returns locks that
// its callers can name.
type Locks struct {
	Acquires, Holds, MayHold, Releases, MayFree, Blocks []Fact
}

// AFact marks Locks as a fact.
func (*Locks) AFact() {}

func (l *Locks) String() string {
	var parts []string
	for _, list := range []struct {
		verb  string
		facts []Fact
	}{{"locks", l.Acquires}, {"returns locked", l.Holds}, {"may return locked", l.MayHold}, {"unlocks", l.Releases}, {"may unlock", l.MayFree}} {
		for _, f := range list.facts {
			parts = append(parts, fmt.Sprintf("%s %s", list.verb, shortClass(f.Class)))
		}
	}
	for _, f := range l.Blocks {
		parts = append(parts, "waits for "+f.What)
	}
	return strings.Join(parts, ", ")
}

// A Fact is an Effect on what a parameter leads to.
type Fact struct {
	Param    int // -1: an instance that is not known
	Sel      string
	Name     string
	Class    string
	Shared   bool
	Guarded  bool
	What, At string
	Via      []string
}

// An Order is the fact that locks of two classes are taken one after the other.
type Order struct{ Edges []OrderEdge }

// AFact marks Order as a fact.
func (*Order) AFact() {}

func (o *Order) String() string { return fmt.Sprintf("%d lock orders", len(o.Edges)) }

// An OrderEdge is an Edge for another package.
type OrderEdge struct {
	First, Second             string
	FirstShared, SecondShared bool
	FirstAt, SecondAt, Func   string
	Gates                     []Gate
}

const (
	maxFacts     = 12 // of each kind, for one function
	maxFactVia   = 3
	maxFactEdges = 200
)

// An argument stands for a parameter of a function in another package.
type argument struct{ i int }

func (a argument) Name() string                  { return "" }
func (a argument) String() string                { return fmt.Sprintf("argument %d", a.i) }
func (a argument) Type() types.Type              { return types.Typ[types.Invalid] }
func (a argument) Parent() *ssa.Function         { return nil }
func (a argument) Referrers() *[]ssa.Instruction { return nil }
func (a argument) Pos() token.Pos                { return token.NoPos }

// imported returns the summary of a function of another package, or nil.
func (c *computation) imported(fn *types.Func) *Summary {
	if s, ok := c.facts[fn]; ok {
		return s
	}
	var fact Locks
	var sum *Summary
	if c.pass.ImportObjectFact(fn, &fact) {
		sum = &Summary{
			Acquires: effects(fact.Acquires), Holds: effects(fact.Holds), MayHold: effects(fact.MayHold),
			Releases: effects(fact.Releases), MayFree: effects(fact.MayFree), Blocks: effects(fact.Blocks),
		}
	}
	c.facts[fn] = sum
	return sum
}

func effects(facts []Fact) []Effect {
	var out []Effect
	for _, f := range facts {
		e := Effect{What: f.What, At: f.At, Via: f.Via, Guarded: f.Guarded, Sure: true, Mode: Exclusive}
		if f.Shared {
			e.Mode = Shared
		}
		e.Lock.Class, e.Lock.sel, e.Lock.tail = f.Class, f.Sel, f.Name
		if f.Param >= 0 {
			e.Lock.Root = argument{f.Param}
		}
		out = append(out, e)
	}
	return out
}

// export publishes what the functions of this package do to locks.
func (c *computation) export() {
	for fn, s := range c.summaries {
		obj, ok := fn.Object().(*types.Func)
		if !ok || obj.Pkg() != c.pass.Pkg || !obj.Exported() || fn.Parent() != nil {
			continue
		}
		l := &Locks{
			Acquires: c.export1(s.Acquires, fn), Holds: c.export1(s.Holds, fn), MayHold: c.export1(s.MayHold, fn),
			Releases: c.export1(s.Releases, fn), MayFree: c.export1(s.MayFree, fn), Blocks: c.exportBlocks(s.Blocks),
		}
		if len(l.Acquires)+len(l.Holds)+len(l.MayHold)+len(l.Releases)+len(l.MayFree)+len(l.Blocks) > 0 {
			c.pass.ExportObjectFact(obj, l)
		}
	}
	o := &Order{}
	for _, e := range c.res.Edges {
		if e.Local && exported(e.First.Class) && exported(e.Second.Class) && len(o.Edges) < maxFactEdges {
			o.Edges = append(o.Edges, OrderEdge{e.First.Class, e.Second.Class, e.FirstMode == Shared, e.SecondMode == Shared, e.FirstAt, e.SecondAt, e.Func, e.Gates})
		}
	}
	if len(o.Edges) > 0 {
		c.pass.ExportPackageFact(o)
	}
}

// exported reports whether another package may be able to take a lock of the class.
func exported(class string) bool { return class != "" && !strings.Contains(class, "@") }

func (c *computation) export1(effects []Effect, fn *ssa.Function) []Fact {
	var out []Fact
	for _, e := range effects {
		if len(out) == maxFacts || len(e.Via) > maxFactVia || len(e.Lock.index) > 0 {
			continue
		}
		f := Fact{Param: -1, Class: e.Lock.Class, Shared: e.Mode == Shared, Guarded: e.Guarded, At: e.At, Via: e.Via}
		if p, ok := e.Lock.Root.(*ssa.Parameter); ok && p.Parent() == fn {
			for i, param := range fn.Params {
				if param == p {
					f.Param, f.Sel, f.Name = i, e.Lock.sel, e.Lock.tail
				}
			}
		}
		if f.Param < 0 && !exported(f.Class) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func (c *computation) exportBlocks(effects []Effect) []Fact {
	var out []Fact
	for _, e := range effects {
		if len(out) == 2 || len(e.Via) > maxFactVia {
			break
		}
		out = append(out, Fact{Param: -1, What: e.What, At: e.At, Via: e.Via})
	}
	return out
}
