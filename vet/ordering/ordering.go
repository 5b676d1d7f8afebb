package ordering

import (
	_ "embed"
	"fmt"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports atomic operations that do not give what the code relies on.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, lockset.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	var all []access
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if a, ok := accessOf(call); ok {
						all = append(all, a)
					}
				}
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	held := underLock(pass.ResultOf[lockset.Analyzer].(*lockset.Result))
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	side := func(ld, st access) bool { return advances(ld, st, all, starts, prog.SrcFuncs) }
	for _, a := range all {
		invalid(pass, a)
		if a.kind == store && !held(a.call) {
			split(pass, a, all, side)
			testThenSet(pass, a, all)
		}
		if a.delta != nil {
			checkedLate(pass, a, all)
		}
		if !held(a.call) {
			writtenLate(pass, a)
		}
	}
	publications(pass, all, prog.SrcFuncs)
	mixed(pass, all, prog.SrcFuncs, guarding.Checker{Pkg: prog.Pkg, Locks: pass.ResultOf[lockset.Analyzer].(*lockset.Result), Starts: starts})
	return nil, nil
}

// underLock returns a function that reports whether the function around a
// call takes a lock: then what the call does may be ordered by that.
func underLock(locks *lockset.Result) func(*ssa.Call) bool {
	takes := map[*ssa.Function]bool{}
	for _, f := range locks.Funcs {
		if len(f.Acquisitions) > 0 {
			takes[f.Fn] = true
		}
	}
	return func(call *ssa.Call) bool {
		for fn := call.Parent(); fn != nil; fn = fn.Parent() {
			if takes[fn] {
				return true
			}
		}
		return false
	}
}

// invalid reports orderings that the operation cannot have.
func invalid(pass *analysis.Pass, a access) {
	report := func(o int, why string) {
		pass.Report(analysis.Diagnostic{
			Pos:     a.call.Pos(),
			Message: fmt.Sprintf("%s cannot be %s, %s: this panics", a.name, orderingNames[o], why),
		})
	}
	if len(a.orders) == 0 {
		return
	}
	o := a.orders[0]
	switch {
	case a.kind == load && (o == release || o == acqRel):
		report(o, "since a load releases nothing; use Acquire, SeqCst or Relaxed")
	case a.kind == store && (o == acquire || o == acqRel):
		report(o, "since a store acquires nothing; use Release, SeqCst or Relaxed")
	case a.kind == fence && o == relaxed:
		report(o, "since a fence that orders nothing is none; use Acquire, Release, AcqRel or SeqCst")
	case a.name == "FetchUpdate" && len(a.orders) == 2 && (a.orders[1] == release || a.orders[1] == acqRel):
		report(a.orders[1], "for its load, which releases nothing; use Acquire, SeqCst or Relaxed")
	case a.kind == compareExchange && len(a.orders) == 2 && (a.orders[1] == release || a.orders[1] == acqRel):
		report(a.orders[1], "when it fails and only loads; use Acquire, SeqCst or Relaxed")
	}
}

// split reports a store of what a load of the same variable returned, changed.
// The two are left alone if they are one side of a ring.
func split(pass *analysis.Pass, st access, all []access, side func(ld, st access) bool) {
	for _, ld := range all {
		if ld.kind != load || ld.call.Parent() != st.call.Parent() || !ld.target.Same(st.target) || local(st.target) {
			continue
		}
		if _, changed := derived(st.value, ld.call, 4); !changed || indexes(ld.call, 3) || side(ld, st) {
			continue
		}
		pass.Report(analysis.Diagnostic{
			Pos: st.call.Pos(),
			Message: fmt.Sprintf("%s is stored here from what was loaded at %s: a change that another goroutine makes in between is lost; use one read-modify-write operation",
				st.target, lockset.Position(pass, ld.call.Pos())),
			Related: []analysis.RelatedInformation{{Pos: ld.call.Pos(), Message: "loaded here"}},
		})
		return
	}
}

// indexes reports whether v says where in a slice or array something is
// written: only one goroutine at a time can do so, and none comes in between.
func indexes(v ssa.Value, depth int) bool {
	if depth == 0 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.IndexAddr:
			if x.Index != v {
				continue
			}
			for _, use := range *x.Referrers() {
				if s, ok := use.(*ssa.Store); ok && s.Addr == ssa.Value(x) {
					return true
				}
			}
		case *ssa.Slice:
			if (x.Low == v || x.High == v) && written(x) {
				return true
			}
		case *ssa.BinOp:
			if indexes(x, depth-1) {
				return true
			}
		case *ssa.Convert:
			if indexes(x, depth-1) {
				return true
			}
		}
	}
	return false
}

// written reports whether the slice s is what copy writes to.
func written(s *ssa.Slice) bool {
	for _, use := range *s.Referrers() {
		if call, ok := use.(*ssa.Call); ok {
			if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "copy" && call.Call.Args[0] == ssa.Value(s) {
				return true
			}
		}
	}
	return false
}

// testThenSet reports a flag that is set where it was found not to be set, and
// by which something is meant to be done once: two goroutines may both find it so.
func testThenSet(pass *analysis.Pass, st access, all []access) {
	c, ok := st.value.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Bool || !constant.BoolVal(c.Value) || local(st.target) {
		return
	}
	for _, ld := range all {
		if ld.kind != load || ld.call.Parent() != st.call.Parent() || !ld.target.Same(st.target) {
			continue
		}
		unset := whereFalse(ld.call)
		if unset == nil || !unset.Dominates(st.call.Block()) || !once(st.call) {
			continue
		}
		pass.Report(analysis.Diagnostic{
			Pos: st.call.Pos(),
			Message: fmt.Sprintf("%s is set here because it was not set at %s, but another goroutine may have found the same: use Swap or a compare-exchange",
				st.target, lockset.Position(pass, ld.call.Pos())),
			Related: []analysis.RelatedInformation{{Pos: ld.call.Pos(), Message: "tested here"}},
		})
		return
	}
}

// whereFalse returns the block that is reached only if call returned false, or nil.
func whereFalse(call *ssa.Call) *ssa.BasicBlock {
	for _, ref := range *call.Referrers() {
		no := 1
		if not, ok := ref.(*ssa.UnOp); ok && not.Op == token.NOT && len(*not.Referrers()) == 1 {
			ref, no = (*not.Referrers())[0], 0
		}
		if branch, ok := ref.(*ssa.If); ok {
			if b := branch.Block().Succs[no]; len(b.Preds) == 1 {
				return b
			}
		}
	}
	return nil
}

// once reports whether what follows st in its block must not happen twice: a
// channel is closed or a goroutine started.
func once(st *ssa.Call) bool {
	after := false
	for _, instr := range st.Block().Instrs {
		switch i := instr.(type) {
		case *ssa.Go:
			if after {
				return true
			}
		case *ssa.Call:
			if b, ok := i.Call.Value.(*ssa.Builtin); ok && after && b.Name() == "close" {
				return true
			}
		}
		after = after || instr == ssa.Instruction(st)
	}
	return false
}

// derived reports whether v is computed from the value from, and whether it
// is changed by that.
func derived(v, from ssa.Value, depth int) (is, changed bool) {
	if v == from {
		return true, false
	}
	if depth == 0 {
		return false, false
	}
	switch x := v.(type) {
	case *ssa.BinOp:
		if ok, _ := derived(x.X, from, depth-1); ok {
			return true, true
		}
		ok, _ := derived(x.Y, from, depth-1)
		return ok, ok
	case *ssa.UnOp:
		if x.Op != token.MUL && x.Op != token.ARROW {
			ok, _ := derived(x.X, from, depth-1)
			return ok, ok
		}
	case *ssa.Convert:
		return derived(x.X, from, depth-1)
	case *ssa.ChangeType:
		return derived(x.X, from, depth-1)
	}
	return false, false
}

// local reports whether p is a variable of one function that no closure or
// callee shares.
func local(p lockset.Path) bool {
	alloc, ok := p.Root.(*ssa.Alloc)
	return ok && !alloc.Heap
}

// checkedLate reports a counter that is advanced before it is compared with
// its limit, where exceeding the limit panics.
func checkedLate(pass *analysis.Pass, add access, all []access) {
	if c, ok := add.delta.(*ssa.Const); !ok || c.Value == nil || constantSign(c) <= 0 {
		return
	}
	for _, other := range all {
		if other.call != add.call && sameVariable(other.target, add.target) && undoes(other) {
			return
		}
	}
	for _, ref := range *add.call.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Referrers() == nil {
			continue
		}
		limit, over := limitOf(cmp, add.call)
		if limit == nil {
			continue
		}
		if c, ok := limit.(*ssa.Const); ok && (c.Value == nil || constantSign(c) <= 0) {
			continue
		}
		for _, use := range *cmp.Referrers() {
			branch, ok := use.(*ssa.If)
			if !ok {
				continue
			}
			failing := branch.Block().Succs[0]
			if !over {
				failing = branch.Block().Succs[1]
			}
			if p, ok := failing.Instrs[len(failing.Instrs)-1].(*ssa.Panic); ok && p.Pos().IsValid() {
				pass.Report(analysis.Diagnostic{
					Pos: add.call.Pos(),
					Message: fmt.Sprintf("%s is advanced here and checked afterwards, at %s: each call that fails the check advances it further, until it wraps around and passes; check in a compare-exchange loop, or with FetchUpdate",
						add.target, lockset.Position(pass, cmp.Pos())),
					Related: []analysis.RelatedInformation{{Pos: cmp.Pos(), Message: "checked here"}},
				})
				return
			}
		}
	}
}

// limitOf returns what cmp compares v with, and whether cmp is true when v is
// too big. The limit is nil if cmp is another comparison.
func limitOf(cmp *ssa.BinOp, v ssa.Value) (limit ssa.Value, over bool) {
	switch {
	case cmp.X == v && (cmp.Op == token.GEQ || cmp.Op == token.GTR):
		return cmp.Y, true
	case cmp.X == v && (cmp.Op == token.LSS || cmp.Op == token.LEQ):
		return cmp.Y, false
	case cmp.Y == v && (cmp.Op == token.LEQ || cmp.Op == token.LSS):
		return cmp.X, true
	case cmp.Y == v && (cmp.Op == token.GEQ || cmp.Op == token.GTR):
		return cmp.X, false
	}
	return nil, false
}

// undoes reports whether a takes back what an addition did.
func undoes(a access) bool {
	if a.name == "FetchSub" || a.kind == store || a.kind == compareExchange {
		return true
	}
	if a.delta != nil {
		c, ok := a.delta.(*ssa.Const)
		return !ok || c.Value != nil && constantSign(c) < 0
	}
	return false
}
