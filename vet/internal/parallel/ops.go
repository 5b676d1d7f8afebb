package parallel

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

type opKind uint8

const (
	opSend    opKind = iota
	opRecv           // of a value or of the close
	opClose          // of a channel
	opAdd            // WaitGroup.Add, or Go of a group
	opDone           // WaitGroup.Done
	opWait           // WaitGroup.Wait, errgroup's Wait
	opJoin           // of one goroutine by its handle, or of a scope's at its end
	opOnce           // the return of Once.Do
	opUnknown        // what is not understood and may order anything
	opFlag           // a condition that has come out one way
	opHandOff        // Lock of a mutex that another goroutine is to unlock
	opUnlock         // the unlock of such a mutex
)

// An op is one synchronisation operation.
type op struct {
	Point
	kind   opKind
	on     Location   // the channel, group, once or mutex
	vague  bool       // on is not one object that only the tree uses
	among  []Location // what on may be, if that is several
	thread *Thread

	ends  bool  // opUnknown: it waits for goroutines that only end, too
	deaf  bool  // opUnknown: it may tell something, but waits for nobody
	edge  bool  // it happens only on one way out of a block
	got   int8  // opRecv: 0 anything, 1 a value, 2 the close
	total int64 // opRecv, opSend at the end of a loop: how many the loop has done

	untaken bool // opFlag: the condition never comes out so, and nobody comes this way

	joins []*Thread // opJoin
	cond  *condition
	// inLoop is the receive or send that the loop has done.
	inLoop *op
}

// An event is one thing that matters in a frame.
type event struct {
	instr   ssa.Instruction
	made    *Object   // an object is made
	access  *Access   // memory is accessed
	frames  []*Frame  // functions are called; one of them, if optional or several
	threads []*Thread // goroutines start
	op      *op       // goroutines synchronise
	lock    *lockEvent
	maybe   bool // the frames may not run at all
}

// collect lists the events of f by block.
func (t *Tree) collect(f *Frame) {
	f.blocks = make([][]event, len(f.Fn.Blocks)+1)
	var deferred []event
	for _, b := range f.Fn.Blocks {
		if !f.live[b.Index] {
			continue
		}
		if b.Index == 0 {
			f.blocks[0] = t.grown(f)
		}
		for _, instr := range b.Instrs {
			events := t.events(f, instr)
			if _, ok := instr.(*ssa.Defer); ok {
				deferred = append(events, deferred...)
			} else {
				f.blocks[b.Index] = append(f.blocks[b.Index], events...)
			}
		}
		t.branch(f, b)
	}
	f.blocks[f.exit()] = deferred
}

// grown are the slices that f makes by append, perhaps not each time it is
// called: what an earlier call has made, this one does not have.
func (t *Tree) grown(f *Frame) (events []event) {
	for _, b := range f.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if o := f.made(call); o != nil && o.Instr == ssa.Value(call) && o.Frame == f && isBuiltin(call, "append") {
				events = append(events, event{instr: instr, made: o})
			}
		}
	}
	return events
}

func isBuiltin(call *ssa.Call, name string) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

func (t *Tree) events(f *Frame, instr ssa.Instruction) (events []event) {
	if v, ok := instr.(ssa.Value); ok {
		for _, r := range f.value(v).at("") {
			if r.Obj.Frame == f && r.Obj.Instr == v && r.Path == "" {
				events = append(events, event{instr: instr, made: r.Obj})
			}
		}
	}
	site, isCall := instr.(ssa.CallInstruction)
	if isCall {
		if frames := f.calls[site]; len(frames) > 0 {
			events = append(events, event{instr: instr, frames: frames, maybe: t.optional(f, site), lock: t.withLock(f, site)})
		}
	}
	for _, a := range t.accessesOf(f, instr) {
		events = append(events, event{instr: instr, access: a})
	}
	if isCall {
		if threads := f.spawns[site]; len(threads) > 0 {
			events = append(events, event{instr: instr, threads: threads})
		}
		if l := t.lockOf(f, site); l != nil {
			// vague until it turns out that the lock is handed over.
			l.op = &op{Point: Point{f, instr}, kind: opUnlock, thread: f.Thread, on: l.on[0], vague: true}
			if l.take {
				l.op.kind = opHandOff
			}
			t.ops = append(t.ops, l.op)
			if !l.take {
				t.unlocks = append(t.unlocks, l.op)
			}
			events = append(events, event{instr: instr, lock: l}, event{instr: instr, op: l.op})
		}
	}
	for _, o := range t.opsOf(f, instr) {
		t.ops = append(t.ops, o)
		events = append(events, event{instr: instr, op: o})
	}
	return events
}

// optional tells whether the functions that site was found to call need not
// all be called: they are arguments of a function from outside.
func (t *Tree) optional(f *Frame, site ssa.CallInstruction) bool {
	if f.opaque[site] {
		return true
	}
	callee := site.Common().StaticCallee()
	if callee == nil || !outside(callee) {
		return false
	}
	name := api.CalleeOf(site.Common())
	return !(name.Pkg == "testing" || strings.HasSuffix(name.Pkg, "/synctest") || name.Pkg == api.Thread || name.Pkg == api.Lock)
}

// target is what the value v of a channel, group or lock means; vague if
// that is not one object, or if code outside the tree may use it.
func (t *Tree) target(f *Frame, v ssa.Value) (at Location, vague bool) {
	places := t.places(f, v)
	if len(places) != 1 {
		return Location{}, true
	}
	return places[0], places[0].Obj.escaped
}

func (t *Tree) opsOf(f *Frame, instr ssa.Instruction) []*op {
	one := func(kind opKind, on ssa.Value) *op {
		o := &op{Point: Point{f, instr}, kind: kind, thread: f.Thread}
		if on != nil {
			o.on, o.vague = t.target(f, on)
			if o.on.Obj == nil {
				o.among = t.places(f, on)
			}
		}
		return o
	}
	switch x := instr.(type) {
	case *ssa.Send:
		return []*op{one(opSend, x.Chan)}
	case *ssa.UnOp:
		if x.Op != token.ARROW {
			return nil
		}
		if silentChannel(x.X) {
			return nil
		}
		return []*op{one(opRecv, x.X)}
	case *ssa.Select:
		// The cases of a select happen where it branches.
		if i := t.onlyCase(f, x); i >= 0 {
			kind := opRecv
			if x.States[i].Dir == types.SendOnly {
				kind = opSend
			}
			return []*op{one(kind, x.States[i].Chan)}
		}
		return nil
	case ssa.CallInstruction:
		return t.callOps(f, x, one)
	}
	return nil
}

// silentChannel tells whether v is a timer's channel, which orders nothing.
func silentChannel(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && api.CalleeOf(&call.Call) == api.Func{Pkg: "time", Name: "After"}
}

func (t *Tree) callOps(f *Frame, site ssa.CallInstruction, one func(opKind, ssa.Value) *op) []*op {
	if _, isGo := site.(*ssa.Go); isGo {
		return nil
	}
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		if b.Name() == "close" {
			return []*op{one(opClose, call.Args[0])}
		}
		return nil
	}
	name := api.CalleeOf(call)
	if name == (api.Func{Pkg: "golang.org/x/sync/errgroup", Recv: "Group", Name: "SetLimit"}) {
		if n, ok := f.int(call.Args[1]); ok && n == 1 {
			for _, g := range t.places(f, call.Args[0]) {
				t.serial[g] = true
			}
		}
	}
	switch {
	case name == api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Add"}:
		if n, ok := f.int(call.Args[1]); ok && n < 0 {
			return []*op{one(opDone, call.Args[0])}
		}
		return []*op{one(opAdd, call.Args[0])}
	case name == api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}:
		return []*op{one(opDone, call.Args[0])}
	case name == api.Func{Pkg: "sync", Recv: "Once", Name: "Do"}:
		return []*op{one(opOnce, call.Args[0])}
	case name == stopTimer:
		return nil // only its result says something: see branch
	case goroutine.ScopeBody(call) != nil:
		o := one(opJoin, nil)
		for _, th := range t.Threads[1:] {
			if th.Start.Group != nil && len(f.calls[site]) > 0 && under2(th.Site.Frame, f.calls[site]) {
				o.joins = append(o.joins, th)
			}
		}
		return []*op{o}
	case goroutine.IsJoin(call):
		recv := api.Receiver(call)
		if strings.HasSuffix(name.Recv, "JoinHandle") {
			o := one(opJoin, nil)
			o.joins = t.startedAs(f, recv)
			if len(o.joins) == 0 {
				o.kind = opUnknown
			}
			return []*op{o}
		}
		return []*op{one(opWait, recv)}
	}
	if ops := t.wrapped(f, site); ops != nil || t.wrappedLock(f, call) != nil {
		return ops
	}
	if strings.HasSuffix(name.Pkg, "/synctest") {
		// Wait: every goroutine of the bubble is blocked. Run, Test: all have ended.
		o := one(opUnknown, nil)
		o.ends = true
		return []*op{o}
	}
	var ops []*op
	for _, th := range f.spawns[site] {
		if th.Start.Joined {
			o := one(opJoin, nil)
			o.joins = []*Thread{th}
			ops = append(ops, o)
		}
	}
	if len(f.spawns[site]) > 0 {
		return ops
	}
	if f.opaque[site] && !harmless(call) || len(f.calls[site]) == 0 && t.ordersUnseen(call, name) {
		o := one(opUnknown, nil)
		o.deaf = t.writesNamedFile(f, call, name)
		ops = append(ops, o)
	}
	return ops
}

// harmless tells whether call is of a method of error, fmt.Stringer,
// fmt.GoStringer or sort.Interface: it is taken to wait for nobody, whoever
// implements it. What has one of these names and another signature is
// something else.
func harmless(call *ssa.CallCommon) bool {
	callee := api.Callee(call)
	if callee == nil || callee.Signature().Recv() == nil {
		return false
	}
	want := ""
	switch callee.Name() {
	case "Error", "String", "GoString":
		want = "func() string"
	case "Len":
		want = "func() int"
	case "Less":
		want = "func(int, int) bool"
	case "Swap":
		want = "func(int, int)"
	default:
		return false
	}
	sig := callee.Signature()
	var params []string
	for p := range sig.Params().Variables() {
		params = append(params, p.Type().String())
	}
	got := "func(" + strings.Join(params, ", ") + ")"
	if sig.Results().Len() == 1 {
		got += " " + sig.Results().At(0).Type().String()
	}
	return got == want && sig.Results().Len() <= 1
}

// stopTimer is Timer.Stop: if it returns true, the timer's function has not
// run and never will; if not, it may be running.
var stopTimer = api.Func{Pkg: "time", Recv: "Timer", Name: "Stop"}

// startedAs are the goroutines whose handle v is.
func (t *Tree) startedAs(f *Frame, v ssa.Value) (found []*Thread) {
	for _, r := range t.of(f, v).at("") {
		for _, th := range t.Threads {
			if th.handle == r.Obj {
				found = append(found, th)
			}
		}
	}
	return found
}

// ordersUnseen tells whether a function from outside may wait for other
// goroutines, through what it is given.
func (t *Tree) ordersUnseen(call *ssa.CallCommon, name api.Func) bool {
	if name == (api.Func{}) {
		return true
	}
	if known(name) || harmless(call) {
		return false
	}
	for _, a := range call.Args {
		if pointerLike(a.Type()) {
			return true
		}
	}
	return call.IsInvoke()
}

func under2(f *Frame, frames []*Frame) bool {
	for g := f; g != nil; g = g.up() {
		for _, top := range frames {
			if g == top {
				return true
			}
		}
	}
	return false
}
