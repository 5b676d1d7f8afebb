package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Result is what the walk found in one package.
type Result struct {
	// Funcs are the functions that were walked, in source order.
	Funcs []*Func
	// Edges says in which order locks are taken, in this package and its imports.
	Edges []Edge
	// Pairs says in which order instances of one class are taken.
	Pairs []Pair

	pass    *analysis.Pass
	foreign map[string]bool
	ended   map[*types.Func]bool
	freedBy map[string]map[*ssa.Function]bool // the functions that release a lock for their callers, by class
	takers  map[string][]*ssa.Function        // those that return with one
	all     []*ssa.Function
	uses    map[*ssa.Function][]ssa.CallInstruction // see usesOf
	valued  map[*ssa.Function]bool
	invoked map[string]bool
	pkg     *ssa.Package
	at      map[ssa.Instruction][][]Holding // see HeldAt
}

// ReleasedElsewhere reports whether some function of the package releases a
// lock of p's class that it has not acquired itself.
func (r *Result) ReleasedElsewhere(p Path) bool { return p.Class != "" && r.foreign[p.Class] }

// EndedByCaller reports whether some caller in the package releases a lock that
// fn returns with.
func (r *Result) EndedByCaller(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && r.ended[obj]
}

// A Func is what happens to locks in one function.
type Func struct {
	Fn           *ssa.Function
	Acquisitions []Acquisition
	Exits        []Exit
	Again        []Again
	Mismatches   []Again
	Blocks       []Block
	Writes       []Write
	// Risks are calls that may panic while a lock is held that no deferred call releases.
	Risks []Exit
	// Freed has the acquisitions that some path releases.
	Freed map[ssa.Instruction]bool
	// Doubtful has the acquisitions whose fate is not known on some path.
	Doubtful map[ssa.Instruction]bool
	// Given has the acquisitions whose lock some return hands to the caller.
	Given map[ssa.Instruction]bool
	// Partial says that the function has more paths than the walk followed.
	Partial bool

	exits []state
}

func newFunc(fn *ssa.Function) *Func {
	return &Func{Fn: fn, Freed: map[ssa.Instruction]bool{}, Doubtful: map[ssa.Instruction]bool{}, Given: map[ssa.Instruction]bool{}}
}

// An Acquisition is a lock that is taken at an instruction, on one path.
type Acquisition struct {
	Instr ssa.Instruction
	Lock  Path
	Mode  Mode
	Cell  bool
	Held  []Holding // before it, and still held when the lock is taken
	// Inner is the acquisition in the function that Instr calls, or nil if
	// Instr itself is the acquisition.
	Inner *Effect
	// Callee is the function that Instr calls, if it has a name.
	Callee *types.Func
	// Sure says that it is evident which function is called.
	Sure bool

	dropped []Path
	when    []condition
}

// A condition is the value that a parameter must have.
type condition struct {
	param int
	value bool
}

// An Exit is a lock that is still held where the function ends.
type Exit struct {
	Instr   ssa.Instruction // a *ssa.Return or *ssa.Panic
	Holding Holding
}

// An Again is a second release of a lock.
type Again struct {
	Instr ssa.CallInstruction
	Prior Holding
	Mode  Mode
}

// A Block is an operation that may wait for another goroutine or for a device
// while locks are held.
type Block struct {
	Instr  ssa.Instruction
	What   string
	Held   []Holding
	Inner  *Effect
	Callee *types.Func

	dropped []Path
}

// A Write is an assignment through a pointer or to a map while locks are held.
type Write struct {
	Instr ssa.Instruction
	Held  []Holding
}

// An Effect is something a function does, in terms of its parameters.
type Effect struct {
	Lock Path
	Mode Mode
	Cell bool
	// Guarded says that the function returns the guard of the lock it holds.
	Guarded bool
	What    string // of a Block
	Pos     token.Pos
	At      string // Pos for another package: "file.go:12"
	Via     []string
	Sure    bool

	dropped []Path
	when    []condition
}

// An Edge says that Second is taken while First is held.
type Edge struct {
	First, Second         Path
	FirstMode, SecondMode Mode
	FirstAt, SecondAt     string
	Pos                   token.Pos // where Second is taken, or the function that does it called
	FirstPos              token.Pos
	Via                   []string
	Func                  string
	Gates                 []Gate // held besides, by the function and by whoever calls it
	Local                 bool   // in this package
}

func (w *walker) once(parts ...string) bool {
	k := strings.Join(parts, "\x00")
	if w.seen[k] {
		return false
	}
	w.seen[k] = true
	return true
}

func keys(hs []Holding) string {
	if len(hs) == 0 {
		return ""
	}
	var k strings.Builder
	for _, h := range hs {
		k.WriteString(h.key())
		k.WriteByte('|')
	}
	return k.String()
}

func (w *walker) acquisition(s state, a Acquisition) {
	a.dropped = dropped(s)
	if a.Inner != nil {
		a.dropped = append(a.dropped, a.Inner.dropped...)
		a.when = append(a.when, a.Inner.when...)
	}
	for _, h := range s.held() {
		if !slices.ContainsFunc(a.dropped, h.Lock.Same) {
			a.Held = append(a.Held, h)
		}
	}
	for i, p := range w.out.Fn.Params {
		for _, c := range s.conds {
			if c.key == ptr(p)+";" {
				a.when = append(a.when, condition{i, c.holds})
			}
		}
	}
	inner := ""
	if a.Inner != nil {
		inner = a.Inner.At + a.Inner.Lock.key()
	}
	when := ""
	for _, c := range a.when {
		when += strconv.Itoa(c.param) + strconv.FormatBool(c.value)
	}
	if w.once("acquire", ptr(a.Instr), a.Lock.key(), inner, keys(a.Held), when) {
		w.out.Acquisitions = append(w.out.Acquisitions, a)
	}
}

func (w *walker) exit(s state, at ssa.Instruction, panics bool) {
	for _, h := range s.locks {
		if h.Status == Held && w.once("exit", ptr(at), h.key()) {
			w.out.Exits = append(w.out.Exits, Exit{at, h})
		}
		if h.Status == Unknown || h.Status == Returned {
			w.out.Doubtful[h.At] = true
		}
	}
	if !panics {
		w.out.exits = append(w.out.exits, s)
	}
}

// risk notes that instr may panic.
func (w *walker) risk(s state, instr ssa.CallInstruction) {
	if len(w.stack) != 1 || len(s.held()) == 0 {
		return
	}
	if _, ok := instr.(*ssa.Call); !ok {
		return
	}
	probe := &walker{c: w.c, probes: true, seen: map[string]bool{}, stack: w.stack,
		out: newFunc(w.out.Fn)}
	for _, t := range probe.runDefers(s) {
		for _, h := range t.held() {
			if w.once("risk", ptr(instr), h.key()) {
				w.out.Risks = append(w.out.Risks, Exit{instr, h})
			}
		}
	}
}

func (w *walker) released(at ssa.Instruction) { w.out.Freed[at] = true }

func (w *walker) again(prior Holding, at ssa.CallInstruction) {
	if w.once("again", ptr(at), prior.key(), ptr(prior.At)) {
		w.out.Again = append(w.out.Again, Again{Instr: at, Prior: prior})
	}
}

func (w *walker) mismatch(prior Holding, mode Mode, at ssa.CallInstruction) {
	if w.once("mismatch", ptr(at), prior.key()) {
		w.out.Mismatches = append(w.out.Mismatches, Again{Instr: at, Prior: prior, Mode: mode})
	}
}

func (w *walker) foreign(p Path) {
	if p.Class != "" {
		w.c.res.foreign[p.Class] = true
		if w.c.res.freedBy[p.Class] == nil {
			w.c.res.freedBy[p.Class] = map[*ssa.Function]bool{}
		}
		w.c.res.freedBy[p.Class][w.out.Fn] = true
	}
}

// ended notes that h, if a function that was called has returned with it, is
// released by its caller.
func (w *walker) ended(h Holding) {
	if h.Via != nil {
		w.c.res.ended[h.Via.Origin()] = true
	}
}

// block notes that at waits, or calls a function that does what e says.
func (w *walker) block(s state, at ssa.Instruction, what string, e *Effect, callee *types.Func) {
	w.blockHeld(s, s.held(), at, what, e, callee)
}

func (w *walker) blockHeld(s state, held []Holding, at ssa.Instruction, what string, e *Effect, callee *types.Func) {
	b := Block{Instr: at, What: what, Inner: e, Callee: callee, dropped: dropped(s)}
	if e != nil {
		b.dropped = append(b.dropped, e.dropped...)
	}
	for _, h := range held {
		if !slices.ContainsFunc(b.dropped, h.Lock.Same) {
			b.Held = append(b.Held, h)
		}
	}
	if w.once("block", ptr(at), what, keys(b.Held)) {
		w.out.Blocks = append(w.out.Blocks, b)
	}
}

// dropped returns the locks of its callers that the function has released.
func dropped(s state) []Path {
	var out []Path
	for _, h := range s.locks {
		if h.Foreign {
			out = append(out, h.Lock)
		}
	}
	return out
}

// condWait follows a wait for a condition variable. It gives up its own lock
// meanwhile, so that it matters only if another is held as well.
func (w *walker) condWait(s state, at ssa.Instruction, op Op) {
	held := s.held()
	var others []Holding
	if op.Guard != nil {
		for _, h := range held {
			if h.Guard == nil || !carries(op.Guard, h.Guard, 3) {
				others = append(others, h)
			}
		}
	} else {
		own := w.c.condLock(Resolve(op.Lock))
		found := false
		for _, h := range held {
			if own.Same(h.Lock) || own.Class != "" && own.Class == h.Lock.Class {
				found = true
				continue
			}
			others = append(others, h)
		}
		if !found {
			if len(held) != 1 {
				return
			}
			others = nil
		}
	}
	if len(held) > 0 {
		w.blockHeld(s, others, at, "a wait for a condition", nil, nil)
	}
}

func (w *walker) write(s state, at ssa.Instruction) {
	held := s.held()
	if len(s.locks) > 0 && w.once("write", ptr(at), keys(held)) {
		w.out.Writes = append(w.out.Writes, Write{at, held})
	}
}

// Position returns the name, without its folder, and the line of the file at pos.
func Position(pass *analysis.Pass, pos token.Pos) string {
	p := pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}
