package readonly

import (
	_ "embed"
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports writes to what is shared for reading.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires:  []*analysis.Analyzer{buildssa.Analyzer, lockset.Analyzer},
	Run:       run,
	FactTypes: []analysis.Fact{new(Writes)},
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	c := &checker{pass: pass, writers: map[*ssa.Function][]int{}, locked: map[ssa.Instruction]bool{}}
	for _, f := range locks.Funcs {
		for _, w := range f.Writes {
			for _, h := range w.Held {
				if h.Mode == lockset.Exclusive {
					c.locked[w.Instr] = true
				}
			}
		}
	}
	c.findWriters(prog.SrcFuncs)
	for _, fn := range prog.SrcFuncs {
		for _, l := range borrow.Loans(fn) {
			if l.Shared {
				c.lent(l)
			}
		}
	}
	underRLock(pass, locks)
	return nil, nil
}

type checker struct {
	pass    *analysis.Pass
	writers map[*ssa.Function][]int  // parameters that a function writes through
	locked  map[ssa.Instruction]bool // writes with a lock held
}

// lent reports writes through the pointer that l lends.
func (c *checker) lent(l borrow.Loan) {
	reported := map[token.Pos]bool{}
	set := borrow.Derived(l.Ptr, true)
	for v := range set {
		if v.Referrers() == nil {
			continue
		}
		for _, instr := range *v.Referrers() {
			what := c.writes(instr, v)
			if what == "" || c.locked[instr] || reported[instr.Pos()] || !instr.Pos().IsValid() {
				continue
			}
			if st, ok := instr.(*ssa.Store); ok && v != st.Addr {
				continue
			}
			reported[instr.Pos()] = true
			c.pass.Report(analysis.Diagnostic{
				Pos: instr.Pos(),
				Message: fmt.Sprintf("what %s.%s lent at %s is %s here, but it is lent for reading: others may read it at the same time; %s",
					l.From.Recv, l.From.Name, lockset.Position(c.pass, l.Ptr.Pos()), what, remedy(l.From)),
				Related: []analysis.RelatedInformation{{Pos: l.Ptr.Pos(), Message: "lent here"}},
			})
		}
	}
}

func remedy(f api.Func) string {
	switch f.Recv {
	case "Arc", "Rc":
		return "use MakeMut or GetMut, or put a lock inside"
	case "Ref":
		return "use BorrowMut"
	case "UpgradableGuard":
		return "use Upgrade"
	}
	return "use Write"
}

// writes says how instr writes through v, or is "".
func (c *checker) writes(instr ssa.Instruction, v ssa.Value) string {
	switch instr := instr.(type) {
	case *ssa.Store:
		if instr.Addr == v && !isVariable(v) {
			return "written"
		}
	case *ssa.MapUpdate:
		if instr.Map == v {
			return "written"
		}
	case ssa.CallInstruction:
		call := instr.Common()
		for _, i := range c.writtenArgs(call) {
			if args := lockset.Args(call); i < len(args) && args[i] == v {
				if b, ok := call.Value.(*ssa.Builtin); ok {
					return "changed by " + b.Name()
				}
				return "changed by " + api.Callee(call).Name()
			}
		}
	}
	return ""
}

func isVariable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

// underRLock reports assignments to fields beside an RWMutex of which only
// the read lock is held.
func underRLock(pass *analysis.Pass, locks *lockset.Result) {
	type finding struct {
		d    analysis.Diagnostic
		only bool // with the read lock, on every path
	}
	for _, f := range locks.Funcs {
		found := map[ssa.Instruction]*finding{}
		var order []ssa.Instruction
		for _, w := range f.Writes {
			target := written(w.Instr)
			if !target.Known() {
				continue
			}
			if found[w.Instr] == nil {
				found[w.Instr] = &finding{only: true}
				order = append(order, w.Instr)
			}
			entry := found[w.Instr]
			shared := false
			for _, h := range w.Held {
				if h.Mode == lockset.Exclusive {
					shared = false
					break
				}
				if h.Cell || h.Guard != nil || !target.Sibling(h.Lock) {
					continue
				}
				shared = true
				entry.d = analysis.Diagnostic{
					Pos: w.Instr.Pos(),
					Message: fmt.Sprintf("%s is written here while %s is only read-locked, since %s: other readers may do so at the same time; use Lock",
						target, h.Lock, lockset.Position(pass, h.At.Pos())),
					Related: []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: "read-locked here"}},
				}
			}
			entry.only = entry.only && shared
		}
		for _, instr := range order {
			if e := found[instr]; e.only && e.d.Pos.IsValid() {
				pass.Report(e.d)
			}
		}
	}
}

// written returns the path of what instr writes.
func written(instr ssa.Instruction) lockset.Path {
	switch instr := instr.(type) {
	case *ssa.Store:
		return lockset.Resolve(instr.Addr)
	case *ssa.MapUpdate:
		return lockset.Resolve(instr.Map)
	}
	return lockset.Path{}
}

// sorters are functions of the standard library that change the slice they
// are given first.
var sorters = map[string]bool{"sort": true, "slices": true}

func changes(f api.Func) bool {
	if f.Recv != "" || !sorters[f.Pkg] {
		return false
	}
	switch f.Name {
	case "Ints", "Strings", "Float64s", "Slice", "SliceStable", "Sort", "Stable", "Reverse":
		return true
	}
	return strings.HasPrefix(f.Name, "Sort")
}
