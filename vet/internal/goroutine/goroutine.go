// Package goroutine is the shared ground of the analyzers: it finds where
// goroutines start and where they are waited for, in plain Go and through
// sync, errgroup, conc and fearless, and through functions that hand their
// argument on to one of these, in this package or, by facts, in another.
package goroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
)

// Analyzer computes a *Result and exports [Spawns], [Groups] and [Lends] facts.
var Analyzer = &analysis.Analyzer{
	Name:       "goroutine",
	Doc:        "find where goroutines start, for other analyzers",
	Requires:   []*analysis.Analyzer{buildssa.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Spawns), new(Groups), new(Lends)},
}

// Spawns is the fact that a function runs some of its parameters, which are
// function values, in other goroutines.
type Spawns struct {
	// Params are the indexes of those parameters; a method's receiver is not counted.
	Params []int
	// Joined are the ones among Params that have finished when the function returns.
	Joined []int
	// Groups are what can wait for the goroutines, by the index of the function value.
	Groups map[int]Place
}

// AFact marks Spawns as a fact.
func (*Spawns) AFact() {}

func (s *Spawns) String() string { return fmt.Sprintf("runs parameters %d in goroutines", s.Params) }

// A Start is a place at which a goroutine starts.
type Start struct {
	// Site is the *ssa.Go, or the call (*ssa.Call, *ssa.Defer, *ssa.Go) of a
	// function that starts one.
	Site ssa.CallInstruction
	// Fn is the function value that the new goroutine runs. It is nil if
	// that is the method of an interface.
	Fn ssa.Value
	// Args are the arguments that Fn is called with (of "go f(x)"), the
	// receiver included.
	Args []ssa.Value
	// Via is the function that starts it, such as sync.WaitGroup.Go. It is
	// the zero Func for a go statement.
	Via api.Func
	// Group is the WaitGroup, errgroup, scope or pool that can wait for the
	// goroutine, if Via has one as its receiver or first argument.
	Group ssa.Value
	// GroupFields lead from Group to what waits, if Via is a wrapper that
	// keeps it in a field of its receiver or of another argument.
	GroupFields []int
	// Handle is the value by which this one goroutine can be joined: the
	// result of thread.Spawn and the like.
	Handle ssa.Value
	// Joined tells that the goroutine has finished when the call returns.
	Joined bool
}

// Target is the function that the new goroutine runs, if that is evident.
func (s Start) Target() *ssa.Function { return api.Target(s.Fn) }

// Pos is where the goroutine starts.
func (s Start) Pos() token.Pos { return s.Site.Pos() }

// A Result answers questions about one package.
type Result struct {
	pass  *analysis.Pass
	prog  *buildssa.SSA
	local map[*ssa.Function]*Spawns
	fixed map[*ssa.Global]fixed
}

// At returns the goroutines that instr starts.
func (r *Result) At(instr ssa.Instruction) []Start {
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	call := site.Common()
	var starts []Start
	if _, isGo := instr.(*ssa.Go); isGo {
		s := Start{Site: site, Args: call.Args}
		if !call.IsInvoke() {
			s.Fn = call.Value
		}
		starts = append(starts, s)
	}
	callee := api.CalleeOf(call)
	if sequential[callee] {
		return starts
	}
	if k, ok := known[callee]; ok {
		args := api.Args(call)
		if k.arg >= len(args) {
			return starts
		}
		if callee == (api.Func{Pkg: "time", Name: "AfterFunc"}) && never(args[0]) {
			return starts
		}
		s := Start{Site: site, Fn: args[k.arg], Via: callee, Joined: k.joined}
		switch k.join {
		case byReceiver:
			s.Group = api.Receiver(call)
		case byFirst:
			s.Group = args[0]
		case bySecond:
			s.Group = args[1]
		}
		if k.handle {
			s.Handle = site.Value()
		}
		return append(starts, s)
	}
	if spawns := r.spawns(call); spawns != nil {
		args := api.Args(call)
		for _, i := range spawns.Params {
			if i >= len(args) {
				continue
			}
			s := Start{Site: site, Fn: args[i], Via: callee, Joined: slices.Contains(spawns.Joined, i)}
			if at, ok := spawns.Groups[i]; ok && !call.IsInvoke() && at.Param < len(call.Args) {
				s.Group, s.GroupFields = call.Args[at.Param], at.Fields
			}
			starts = append(starts, s)
		}
	}
	return starts
}

// In returns the goroutines that fn itself starts, in the order of its blocks.
func (r *Result) In(fn *ssa.Function) []Start {
	var starts []Start
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			starts = append(starts, r.At(instr)...)
		}
	}
	return starts
}

func (r *Result) spawns(call *ssa.CallCommon) *Spawns {
	if fn := api.Target(call.Value); fn != nil && !call.IsInvoke() {
		if fn.Origin() != nil {
			fn = fn.Origin()
		}
		if s, ok := r.local[fn]; ok {
			return s
		}
	}
	callee := api.Callee(call)
	if callee == nil || callee.Pkg() == nil || callee.Pkg() == r.pass.Pkg {
		return nil
	}
	var fact Spawns
	if r.pass.ImportObjectFact(callee.Origin(), &fact) {
		return &fact
	}
	return nil
}

// never reports whether the duration d is a constant of a hundred years or more: a
// timer of that long is made to be reset, and fires only after that. What Reset
// starts is not followed.
func never(d ssa.Value) bool {
	c, ok := d.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() >= int64(100*365*24*time.Hour)
}

// groupOf says where a function that starts goroutines keeps what waits for them.
type groupOf int

const (
	noGroup groupOf = iota
	byReceiver
	byFirst
	bySecond
)

type starter struct {
	arg    int // the parameter that is run, the receiver not counted
	join   groupOf
	handle bool
	joined bool
}

const (
	errgroup = "golang.org/x/sync/errgroup"
	conc     = "github.com/sourcegraph/conc"
)

// known are the functions that start goroutines. Those of the standard
// library are found by name, since a driver need not analyse it.
var known = map[api.Func]starter{
	{Pkg: "sync", Recv: "WaitGroup", Name: "Go"}:     {join: byReceiver},
	{Pkg: "testing", Recv: "B", Name: "RunParallel"}: {joined: true},
	{Pkg: "time", Name: "AfterFunc"}:                 {arg: 1, handle: true},
	{Pkg: "context", Name: "AfterFunc"}:              {arg: 1},
	{Pkg: "runtime", Name: "SetFinalizer"}:           {arg: 1},
	{Pkg: "runtime", Name: "AddCleanup"}:             {arg: 1},

	{Pkg: errgroup, Recv: "Group", Name: "Go"}:    {join: byReceiver},
	{Pkg: errgroup, Recv: "Group", Name: "TryGo"}: {join: byReceiver},

	{Pkg: conc, Recv: "WaitGroup", Name: "Go"}:                   {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "Pool", Name: "Go"}:              {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "ErrorPool", Name: "Go"}:         {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "ContextPool", Name: "Go"}:       {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "ResultPool", Name: "Go"}:        {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "ResultErrorPool", Name: "Go"}:   {join: byReceiver},
	{Pkg: conc + "/pool", Recv: "ResultContextPool", Name: "Go"}: {join: byReceiver},
	{Pkg: conc + "/stream", Recv: "Stream", Name: "Go"}:          {join: byReceiver},
	{Pkg: conc + "/iter", Name: "ForEach"}:                       {arg: 1, joined: true},
	{Pkg: conc + "/iter", Name: "ForEachIdx"}:                    {arg: 1, joined: true},
	{Pkg: conc + "/iter", Name: "Map"}:                           {arg: 1, joined: true},
	{Pkg: conc + "/iter", Name: "MapErr"}:                        {arg: 1, joined: true},
	{Pkg: api.Thread, Name: "Spawn"}:                             {handle: true},
	{Pkg: api.Thread, Name: "Go"}:                                {handle: true},
	{Pkg: api.Thread, Name: "SpawnWith"}:                         {arg: 1, handle: true},
	{Pkg: api.Thread, Recv: "ScopeHandle", Name: "Go"}:           {join: byReceiver, handle: true},
	{Pkg: api.Thread, Name: "SpawnScoped"}:                       {arg: 1, join: byFirst, handle: true},
	{Pkg: api.Thread, Name: "SpawnScopedWith"}:                   {arg: 2, join: bySecond, handle: true},
}

// sequential are functions that start a goroutine only to wait for it: for
// what may happen when, they are calls.
var sequential = map[api.Func]bool{
	{Pkg: "testing", Recv: "T", Name: "Run"}:  true,
	{Pkg: "testing", Recv: "B", Name: "Run"}:  true,
	{Pkg: "testing", Recv: "F", Name: "Fuzz"}: true,
	{Pkg: "testing", Name: "Benchmark"}:       true,
	{Pkg: "testing/synctest", Name: "Test"}:   true,
	{Pkg: "internal/synctest", Name: "Run"}:   true,
	{Pkg: "iter", Name: "Pull"}:               true,
	{Pkg: "iter", Name: "Pull2"}:              true,
}

// Many tells whether one call of the function that started s may run its
// argument in several goroutines at once.
func (s Start) Many() bool { return s.Via.Pkg == conc+"/iter" || s.Via.Pkg == "testing" }

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	r := &Result{pass: pass, prog: prog, local: map[*ssa.Function]*Spawns{}}
	for changed := true; changed; {
		changed = false
		for _, fn := range prog.SrcFuncs {
			for _, s := range r.In(fn) {
				if r.note(s) {
					changed = true
				}
			}
		}
	}
	for fn, s := range r.local {
		slices.Sort(s.Params)
		if obj, ok := fn.Object().(*types.Func); ok && obj.Pkg() == pass.Pkg {
			pass.ExportObjectFact(obj, s)
		}
	}
	r.exportGroups(prog.SrcFuncs)
	r.exportLends(prog.SrcFuncs)
	return r, nil
}

// note records the parameters of the functions around s that s runs.
func (r *Result) note(s Start) (changed bool) {
	for _, v := range runs(s.Fn, s.Args, nil) {
		p, ok := v.(*ssa.Parameter)
		if !ok {
			continue
		}
		fn := p.Parent()
		i := slices.Index(fn.Params, p)
		if fn.Signature.Recv() != nil {
			i--
		}
		if i < 0 {
			continue
		}
		facts := r.local[fn]
		if facts == nil {
			facts = new(Spawns)
		}
		if slices.Contains(facts.Params, i) {
			continue
		}
		r.local[fn] = facts
		facts.Params = append(facts.Params, i)
		if s.Joined || s.Group != nil && joinsBeforeReturn(fn, s) || awaited(fn, s) {
			facts.Joined = append(facts.Joined, i)
		}
		if at, ok := counted(s); ok && s.Site.Parent() == fn {
			if facts.Groups == nil {
				facts.Groups = map[int]Place{}
			}
			facts.Groups[i] = at
		}
		changed = true
	}
	return changed
}

// runs returns the parameters that are called when the function value v is
// called: v itself, or what the closure v captures and calls.
func runs(v ssa.Value, args []ssa.Value, seen []ssa.Value) []ssa.Value {
	if v == nil || slices.Contains(seen, v) || len(seen) > 8 {
		return nil
	}
	seen = append(seen, v)
	switch x := v.(type) {
	case *ssa.Parameter:
		return []ssa.Value{x}
	case *ssa.ChangeType:
		return runs(x.X, args, seen)
	case *ssa.MakeClosure:
		fn := x.Fn.(*ssa.Function)
		return called(fn, args, x.Bindings, seen)
	case *ssa.Function:
		return called(x, args, nil, seen)
	}
	return nil
}

// called returns the parameters of surrounding functions that fn calls.
func called(fn *ssa.Function, args, bindings, seen []ssa.Value) []ssa.Value {
	var found []ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call.Common().IsInvoke() {
				continue
			}
			if v := outer(call.Common().Value, fn, args, bindings); v != nil {
				found = append(found, runs(v, nil, seen)...)
			}
		}
	}
	return found
}

// outer is the value that v, inside fn, has outside: an argument, or what a
// captured variable was given, once.
func outer(v ssa.Value, fn *ssa.Function, args, bindings []ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.Parameter:
		if i := slices.Index(fn.Params, x); i >= 0 && i < len(args) {
			return args[i]
		}
	case *ssa.FreeVar:
		if i := slices.Index(fn.FreeVars, x); i >= 0 && i < len(bindings) {
			return bindings[i]
		}
	case *ssa.UnOp:
		if x.Op != token.MUL {
			return nil
		}
		if cell, ok := outer(x.X, fn, args, bindings).(*ssa.Alloc); ok {
			return OnlyStore(cell)
		}
	}
	return nil
}

// OnlyStore is the one value that is ever stored into cell by the function
// that declares it, or nil. What was loaded from cell itself, as the return of a
// named result does, changes nothing and does not count.
func OnlyStore(cell *ssa.Alloc) ssa.Value {
	var val ssa.Value
	for _, ref := range *cell.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == ssa.Value(cell) {
			if load, ok := s.Val.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == ssa.Value(cell) {
				continue
			}
			if val != nil {
				return nil
			}
			val = s.Val
		}
	}
	return val
}
