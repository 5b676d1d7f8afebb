package copy

import (
	_ "embed"
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports copies of locks that go vet does not report.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch x := instr.(type) {
				case *ssa.Call:
					elements(pass, x)
				case *ssa.Send:
					sent(pass, x)
				case *ssa.Store:
					overwritten(pass, x)
				}
			}
		}
	}
	return nil, nil
}

// copiers are functions that copy all elements of the argument with an index.
var copiers = map[api.Func]int{
	{Pkg: "slices", Name: "Clone"}: 0,
	{Pkg: "maps", Name: "Clone"}:   0,
	{Pkg: "maps", Name: "Copy"}:    1,
}

// elements reports call if it copies the elements of a slice or map.
func elements(pass *analysis.Pass, call *ssa.Call) {
	arg, name := -1, ""
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		name = b.Name()
		if name == "append" && len(call.Call.Args) == 2 && !listed(call.Call.Args[1]) || name == "copy" {
			arg = 1
		}
	} else if i, ok := copiers[api.CalleeOf(&call.Call)]; ok {
		arg, name = i, api.CalleeOf(&call.Call).String()
	}
	if arg < 0 || arg >= len(call.Call.Args) || !call.Pos().IsValid() {
		return
	}
	var elem types.Type
	switch t := call.Call.Args[arg].Type().Underlying().(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Map:
		elem = t.Elem()
	}
	if elem == nil {
		return
	}
	if path := lockIn(elem, nil); path != "" {
		pass.Reportf(call.Pos(), "%s copies elements of type %s, and with them the lock %s: a copy keeps nobody out; keep pointers to them", name, typeName(pass, elem), path)
	}
}

// listed reports whether v are the arguments of an append that lists them:
// new values, or copies that go vet reports.
func listed(v ssa.Value) bool {
	s, ok := v.(*ssa.Slice)
	if !ok {
		return false
	}
	a, ok := s.X.(*ssa.Alloc)
	return ok && a.Comment == "varargs"
}

// sent reports a value with a lock that is sent on a channel.
func sent(pass *analysis.Pass, send *ssa.Send) {
	if path := lockIn(send.X.Type(), nil); path != "" && !fresh(send.X) {
		pass.Reportf(send.Pos(), "this send copies a value of type %s, and with it the lock %s: send a pointer", typeName(pass, send.X.Type()), path)
	}
}

// fresh reports whether v is a composite literal, whose lock nobody has used.
func fresh(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		_, constant := v.(*ssa.Const)
		return constant
	}
	a, ok := load.X.(*ssa.Alloc)
	return ok && a.Comment == "complit"
}

// overwritten reports a store of a whole struct whose lock the function holds
// then and gives back afterwards.
func overwritten(pass *analysis.Pass, st *ssa.Store) {
	if _, isStruct := st.Val.Type().Underlying().(*types.Struct); !isStruct || lockIn(st.Val.Type(), nil) == "" {
		return
	}
	if a, ok := st.Addr.(*ssa.Alloc); ok && !a.Heap {
		return
	}
	whole := lockset.Resolve(st.Addr)
	if !whole.Known() {
		return
	}
	for _, instr := range st.Block().Instrs {
		if instr == ssa.Instruction(st) {
			return
		}
		call, ok := instr.(*ssa.Call)
		if !ok || lockset.OpOf(&call.Call).Kind != lockset.Acquire {
			continue
		}
		lock := lockset.Resolve(lockset.OpOf(&call.Call).Lock)
		if !lock.Inside(whole) {
			continue
		}
		if release := released(st, lock); release != nil {
			pass.Report(analysis.Diagnostic{
				Pos:     st.Pos(),
				Message: fmt.Sprintf("this overwrites the lock %s, which is held here and unlocked at %s: that stops the program; assign the other fields", lock, lockset.Position(pass, release.Pos())),
				Related: []analysis.RelatedInformation{{Pos: call.Pos(), Message: "locked here"}},
			})
			return
		}
	}
}

// released returns what unlocks lock after st: a deferred call, or one behind
// it in its block with no other Lock between.
func released(st *ssa.Store, lock lockset.Path) ssa.Instruction {
	past := false
	for _, b := range st.Parent().Blocks {
		for _, instr := range b.Instrs {
			past = past || instr == ssa.Instruction(st)
			site, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op := lockset.OpOf(site.Common())
			if op.Lock == nil || !lockset.Resolve(op.Lock).Same(lock) {
				continue
			}
			_, deferred := instr.(*ssa.Defer)
			switch {
			case op.Kind == lockset.Release && (deferred && b.Dominates(st.Block()) || past && b == st.Block()):
				return instr
			case op.Kind == lockset.Acquire && past && b == st.Block():
				return nil
			}
		}
	}
	return nil
}

func typeName(pass *analysis.Pass, t types.Type) string {
	return types.TypeString(t, types.RelativeTo(pass.Pkg))
}

// lockIn returns where in a value of type t there is a lock, or "".
func lockIn(t types.Type, seen []types.Type) string {
	for _, s := range seen {
		if types.Identical(s, t) {
			return ""
		}
	}
	seen = append(seen, t)
	if n := api.TypeOf(t); n.Pkg == "sync" && locks[n.Name] {
		if _, pointer := types.Unalias(t).(*types.Pointer); !pointer {
			return "sync." + n.Name
		}
	} else if n.Pkg == api.Lock && locks[n.Name] {
		if _, pointer := types.Unalias(t).(*types.Pointer); !pointer {
			return "lock." + n.Name
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if path := lockIn(f.Type(), seen); path != "" {
				return f.Name()
			}
		}
	case *types.Array:
		return lockIn(u.Elem(), seen)
	}
	return ""
}

// locks are the types, of sync and of this library, that may not be copied.
var locks = map[string]bool{
	"Mutex": true, "RWMutex": true, "WaitGroup": true, "Once": true, "Cond": true,
	"RWLock": true, "Condvar": true, "Barrier": true,
}
