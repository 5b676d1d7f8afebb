package parallel

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// Limits on one tree. A call beyond them is not followed and taken for
// synchronisation.
const (
	maxFrames = 200
	maxInstrs = 15_000
	maxDepth  = 12
	maxRounds = 30
)

// A Tree is a function with the calls and goroutines in it followed.
type Tree struct {
	Root    *Frame
	Frames  []*Frame
	Threads []*Thread // the first is the one that calls the root function

	starts   *goroutine.Result
	locks    *lockset.Result
	internal bool // the root function is only called from its own package
	objects  map[objectKey]*Object
	cfgs     map[*ssa.Function]*graph
	instrs   int
	cut      bool // a limit was reached
	lost     bool // a goroutine was started that is not followed

	locksItself map[Ref]bool // by the goroutine of the root function
	accesses    []*Access
	reads       map[*ssa.UnOp][]*Access // those of accesses that load
	ops         []*op
	unlocks     []*op        // all of them, whether they matter as operations or not
	tellers     []*op        // that may tell other code something
	atomics     []*Access    // atomic writes
	serial      map[Ref]bool // groups that run one goroutine at a time
	channelUse  map[Ref]*partners
	known       map[*Object][]publication
	decidedBy   map[*Access][]*condition // see outcomes
	changing    *changes                 // see changed
	excluded    []Race
}

// A Thread is a goroutine, or all those started at one place.
type Thread struct {
	ID     int
	Parent *Thread
	Start  goroutine.Start
	Site   Point // where it is started
	Entry  *Frame

	group  refs // what waits for it
	handle *Object
}

// A Frame is one function called at one place by one thread.
type Frame struct {
	ID       int
	tree     *Tree
	Fn       *ssa.Function
	Parent   *Frame
	Site     ssa.CallInstruction // where Parent calls Fn; nil if the thread starts with Fn
	Thread   *Thread
	closure  *Object
	depth    int
	deferred bool
	returns  bool // its end can be reached

	vals   map[ssa.Value]*value
	reads  map[*Object]bool // whose memory has been looked at
	dirty  bool             // something it depends on has changed
	calls  map[ssa.CallInstruction][]*Frame
	spawns map[ssa.CallInstruction][]*Thread
	opaque map[ssa.CallInstruction]bool // calls something that is not followed

	args      []argument // what Params are bound to
	blocks    [][]event  // what matters, by block; the last is the exit with its deferred calls
	succs     [][]int
	edgeOps   map[[2]int][]*op
	edgeLocks map[[2]int]*lockEvent
	live      []bool
	ends      map[int]bool // blocks that end the goroutine, with deferred calls behind them
	consts    map[ssa.Value]constResult
	reachSet  map[int][]bool
}

// An argument is a value in the frame that passed it.
type argument struct {
	frame *Frame
	val   ssa.Value
}

// A Point is an instruction in a frame.
type Point struct {
	Frame *Frame
	Instr ssa.Instruction
}

// Pos is the position of the instruction.
func (p Point) Pos() token.Pos {
	if p.Instr == nil {
		return token.NoPos
	}
	return p.Instr.Pos()
}

// New follows root, and tells how many instructions that took. It returns nil
// if no goroutine is started in it. If internal, root is only called from its
// own package, where its callers may hold the locks of what they hand it.
func New(root *ssa.Function, starts *goroutine.Result, locks *lockset.Result, internal bool) (tree *Tree, followed int) {
	t := &Tree{
		starts:   starts,
		locks:    locks,
		internal: internal,
		objects:  map[objectKey]*Object{},
		cfgs:     map[*ssa.Function]*graph{},
		reads:    map[*ssa.UnOp][]*Access{},
		serial:   map[Ref]bool{},
	}
	main := &Thread{}
	t.Threads = []*Thread{main}
	t.Root = t.newFrame(root, nil, nil, main, nil)
	main.Entry = t.Root
	for i, p := range root.Params {
		if pointerLike(p.Type()) {
			obj := t.unknown(objectKey{kind: parameter, n: i}, p.Type(), nil)
			obj.Instr = p
			t.Root.set(p).addAll("", obj.self)
		}
	}
	for _, v := range root.FreeVars {
		obj := t.unknown(objectKey{kind: captured, val: v}, v.Type(), nil)
		obj.Instr = v
		t.Root.set(v).addAll("", obj.self)
	}
	t.solve()
	if len(t.Threads) == 1 {
		return nil, t.instrs
	}
	t.escape()
	t.channelUse = t.channels()
	for _, f := range t.Frames {
		f.link(t)
	}
	t.known = t.publications()
	for _, f := range t.Frames {
		t.collect(f)
	}
	t.loopTotals()
	t.collectFlags()
	t.lockSets()
	return t, t.instrs
}

func (t *Tree) newFrame(fn *ssa.Function, parent *Frame, site ssa.CallInstruction, thread *Thread, closure *Object) *Frame {
	f := &Frame{
		ID: len(t.Frames), tree: t, Fn: fn, Parent: parent, Site: site, Thread: thread, closure: closure,
		vals:     map[ssa.Value]*value{},
		reads:    map[*Object]bool{},
		dirty:    true,
		calls:    map[ssa.CallInstruction][]*Frame{},
		spawns:   map[ssa.CallInstruction][]*Thread{},
		opaque:   map[ssa.CallInstruction]bool{},
		edgeOps:  map[[2]int][]*op{},
		consts:   map[ssa.Value]constResult{},
		reachSet: map[int][]bool{},
	}
	if parent != nil {
		f.depth = parent.depth + 1
		_, f.deferred = site.(*ssa.Defer)
	}
	t.Frames = append(t.Frames, f)
	for _, b := range fn.Blocks {
		t.instrs += len(b.Instrs)
	}
	return f
}

// solve runs the points-to analysis to its fixed point. New frames and
// threads appear as function values become known.
func (t *Tree) solve() {
	for round := 0; ; round++ {
		changed := false
		for i := 0; i < len(t.Frames); i++ {
			f := t.Frames[i]
			if !f.dirty {
				continue
			}
			changed, f.dirty = true, false
			for _, b := range f.Fn.Blocks {
				for _, instr := range b.Instrs {
					t.transfer(f, instr)
				}
			}
		}
		if !changed {
			return
		}
		if round > maxRounds {
			t.cut = true
			return
		}
	}
}

// recursive tells whether fn runs already in the frames above f, often
// enough that following it again shows nothing new: once within a goroutine,
// or in two goroutines that start one another.
func recursive(f *Frame, fn *ssa.Function, newThread bool) bool {
	n := 0
	for g := f; g != nil; g = g.up() {
		if g.Fn == fn {
			n++
			if !newThread && g.Thread == f.Thread {
				return true
			}
		}
	}
	return n >= 2
}

// up is the frame that called f, or that started its goroutine.
func (f *Frame) up() *Frame {
	if f.Parent != nil {
		return f.Parent
	}
	return f.Thread.Site.Frame
}

func (f *Frame) set(v ssa.Value) *value {
	val := f.vals[v]
	if val == nil {
		val = new(value)
		f.vals[v] = val
	}
	return val
}

// An objectKey tells objects apart: by what makes them, and why.
type objectKey struct {
	kind  keyKind
	frame *Frame
	val   ssa.Value
	obj   *Object
	path  string
	n     int
}

type keyKind uint8

const (
	declared  keyKind = iota // what val makes
	parameter                // parameter n, for which no argument is known
	captured                 // what the root's free variable val means
	result                   // result n of a call that is not followed
	loaded                   // what the load val finds in frame
	found                    // what is found at path of obj
	oneOfMany                // one of the objects that the load val may mean
)

// object returns the object with a key, which make makes the first time.
func (t *Tree) object(key objectKey, make func() *Object) *Object {
	o := t.objects[key]
	if o == nil {
		o = make()
		o.self = value{{"", refs{{Obj: o}}}}
		t.objects[key] = o
	}
	return o
}
