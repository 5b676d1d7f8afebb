// Package atomic stands in for the library's in the twin: what an operation finds
// comes from a script, and nothing is stored. Any values may be read, for other
// threads may write any.
package atomic

import "runtime"

// An Ordering is of no account here.
type Ordering int

const (
	Relaxed Ordering = iota
	Acquire
	Release
	AcqRel
)

// String is no operation.
func (o Ordering) String() string { return "" }

// A Uint32 is a name for values of the script.
type Uint32 struct{ name int }

// An Op is one operation that was done.
type Op struct {
	Object, Kind   int
	Arg, Expected  uint32
	Found          uint32
	Effect, Paused bool // Paused: SpinLoop was called since the operation before
	Callers        []uintptr
	Pause          []uintptr // the callers of that SpinLoop, the first one
}

// A Script is what operations find, one after the other.
type Script struct {
	Values  []uint32
	Rest    uint64 // behind Values, they come from this
	Limit   int    // of operations
	Record  bool   // callers
	Done    []Op
	paused  bool
	pause   []uintptr
	objects int
	idle    int
	overs   int
}

// Over is the panic that ends a program behind the limit of its script.
type Over struct{}

// Now is the script that plays.
var Now *Script

// NewUint32 names a variable.
func NewUint32() *Uint32 {
	Now.objects++
	return &Uint32{Now.objects}
}

func callers() []uintptr {
	pcs := make([]uintptr, 64)
	return pcs[:runtime.Callers(3, pcs)]
}

// SpinLoop is a pause.
func SpinLoop() { Now.spin() }

// Guard ends a program that goes round without an operation.
func Guard() {
	if Now.idle++; Now.idle > 3000 {
		Now.over()
	}
}

// over ends the program, also one that recovers from that.
func (s *Script) over() {
	if s.overs++; s.overs > 20 {
		runtime.Goexit()
	}
	panic(Over{})
}

func (s *Script) spin() {
	Guard()
	if s.paused {
		return
	}
	s.paused = true
	if s.Record {
		s.pause = callers()
	}
}

func (s *Script) next(o Op) uint32 {
	i := len(s.Done)
	if i >= s.Limit {
		s.over()
	}
	if i < len(s.Values) {
		o.Found = s.Values[i]
	} else {
		h := s.Rest + uint64(i-len(s.Values))*0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		o.Found = uint32((h ^ h>>31) % 3)
	}
	if s.Record {
		o.Callers, o.Pause = callers(), s.pause
	}
	o.Paused, s.paused, s.idle = s.paused, false, 0
	s.Done = append(s.Done, o)
	return o.Found
}

// Load is an operation without an effect.
func (x *Uint32) Load(o Ordering) uint32 { return Now.next(Op{Object: x.name}) }

// Store is one with an effect.
func (x *Uint32) Store(v uint32, o Ordering) {
	Now.next(Op{Object: x.name, Kind: 1, Arg: v, Effect: true})
}

// CompareExchange has an effect if it finds what it expects.
func (x *Uint32) CompareExchange(current, new uint32, success, failure Ordering) (previous uint32, ok bool) {
	found := Now.next(Op{Object: x.name, Kind: 2, Arg: new, Expected: current})
	ok = found == current
	Now.Done[len(Now.Done)-1].Effect = ok && new != current
	return found, ok
}

// Swap has an effect if it finds something else.
func (x *Uint32) Swap(v uint32, o Ordering) (previous uint32) {
	found := Now.next(Op{Object: x.name, Kind: 3, Arg: v})
	Now.Done[len(Now.Done)-1].Effect = found != v
	return found
}

// FetchUpdate has no effect where f gives no value.
func (x *Uint32) FetchUpdate(set, fetch Ordering, f func(uint32) (uint32, bool)) (previous uint32, ok bool) {
	found := Now.next(Op{Object: x.name, Kind: 4})
	v, ok := f(found)
	Now.Done[len(Now.Done)-1].Effect = ok && v != found
	return found, ok
}
