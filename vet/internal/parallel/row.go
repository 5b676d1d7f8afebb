package parallel

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A row is an element of a table that is written down in the source.
type row struct {
	table ssa.Value
	index int64
}

// otherRow tells whether a and b happen in functions that two places take out
// of one table, each from another row: a program that walks through the table
// uses the functions of one row together.
func otherRow(a, b *Access) bool {
	for f := a.Frame; f != nil; f = f.up() {
		p, site, ok := f.row()
		if !ok {
			continue
		}
		for g := b.Frame; g != nil; g = g.up() {
			if q, other, ok := g.row(); ok && q.table == p.table {
				return q.index != p.index && site != other
			}
		}
	}
	return false
}

// row is the row of the table in which f's function stands, and where it is called.
func (f *Frame) row() (row, ssa.CallInstruction, bool) {
	site, handed := f.Site, false
	if f.Parent == nil && f.Thread.Site.Instr != nil {
		site = f.Thread.Site.Instr.(ssa.CallInstruction)
		handed = f.Thread.Start.Via != (api.Func{})
	}
	if site == nil || !handed && site.Common().StaticCallee() != nil {
		return row{}, nil, false
	}
	var fn ssa.Value = f.Fn
	if f.closure != nil {
		fn = f.closure.Instr
	}
	if refs := fn.Referrers(); refs != nil {
		for _, ref := range *refs {
			if s, ok := ref.(*ssa.Store); ok && s.Val == fn {
				if r, ok := rowOf(s.Addr, 0); ok {
					return r, site, true
				}
			}
		}
	}
	return row{}, nil, false
}

// table is the loop that starts th once, although it goes round often: it
// walks through a table of functions, of which th's is one.
func (th *Thread) table(t *Tree) *loop {
	load, ok := th.Start.Fn.(*ssa.UnOp)
	if !ok {
		return nil
	}
	elem, ok := load.X.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	if _, _, ok := th.Entry.row(); !ok {
		return nil
	}
	f := th.Site.Frame
	for _, l := range innermostFirst(t.loopsAround(f, th.Site.Instr)) {
		if t.counterLoop(f, elem.Index) == l {
			return l
		}
	}
	return nil
}

// rowOf is the row that the address v is in.
func rowOf(v ssa.Value, depth int) (row, bool) {
	switch x := v.(type) {
	case *ssa.FieldAddr:
		return rowOf(x.X, depth)
	case *ssa.IndexAddr:
		c, ok := x.Index.(*ssa.Const)
		if ok && c.Value != nil && c.Value.Kind() == constant.Int {
			return row{x.X, c.Int64()}, true
		}
	case *ssa.Alloc:
		// An element that is made apart, and then put into the table.
		if depth > 2 {
			return row{}, false
		}
		for _, ref := range *x.Referrers() {
			switch s := ref.(type) {
			case *ssa.Store:
				if s.Val == v {
					return rowOf(s.Addr, depth+1)
				}
			case *ssa.UnOp:
				for _, use := range *s.Referrers() {
					if s, ok := use.(*ssa.Store); ok && s.Val == ref.(ssa.Value) {
						return rowOf(s.Addr, depth+1)
					}
				}
			}
		}
	}
	return row{}, false
}
