package lockset

import (
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Status says what is known of a lock at one point of one path.
type Status uint8

// The statuses of a lock that the path has touched.
const (
	Held Status = iota
	Released
	Unknown  // depends on what the walk cannot see, or is another's now
	Returned // held, and its guard is returned to the caller
	Given    // held, and the lock itself is returned to the caller
)

// A Holding is a lock that the path to some point has acquired or released.
type Holding struct {
	Lock   Path
	Mode   Mode
	Status Status
	// At is where it was acquired or, if Released, released.
	At ssa.Instruction
	// Guard is the call whose result owns the lock, or nil.
	Guard ssa.Value
	Cell  bool
	// Foreign says that the function has released the lock on behalf of its caller.
	Foreign bool
	// Via is the function that acquired or released the lock on behalf of At.
	Via *types.Func
}

func (h Holding) key() string {
	var b strings.Builder
	b.WriteString(h.Lock.key())
	b.WriteByte(byte('0' + h.Status))
	b.WriteByte(byte('0' + h.Mode))
	if h.Foreign {
		b.WriteByte('f')
	}
	if h.At != nil && h.Status == Held {
		b.WriteString(ptr(h.At))
	}
	return b.String()
}

// A state is what is known at one point of one path.
type state struct {
	locks  []Holding
	defers []*ssa.Defer
	conds  []cond
}

// A cond is the outcome of a branch condition that the function tests more than once.
type cond struct {
	key   string
	holds bool
	local bool // of a variable that only the function and its closures assign
}

func (s state) clone() state {
	return state{slices.Clone(s.locks), slices.Clone(s.defers), slices.Clone(s.conds)}
}

func (s state) key() string {
	var parts []string
	for _, h := range s.locks {
		parts = append(parts, h.key())
	}
	slices.Sort(parts)
	for _, d := range s.defers {
		parts = append(parts, ptr(d))
	}
	var conds []string
	for _, c := range s.conds {
		sign := "-"
		if c.holds {
			sign = "+"
		}
		conds = append(conds, sign+c.key)
	}
	slices.Sort(conds)
	return strings.Join(parts, "|") + "#" + strings.Join(conds, "|")
}

// find returns the index of the entry for p, or -1.
func (s *state) find(p Path) int {
	if !p.Known() {
		return -1
	}
	return slices.IndexFunc(s.locks, func(h Holding) bool { return h.Lock.Same(p) })
}

// set records h in place of what is known of its lock.
func (s *state) set(h Holding) {
	if i := s.find(h.Lock); i >= 0 {
		h.Foreign = h.Foreign || s.locks[i].Foreign
		s.locks[i] = h
		return
	}
	s.locks = append(s.locks, h)
}

// held returns the locks that are held for certain.
func (s *state) held() []Holding {
	var out []Holding
	for _, h := range s.locks {
		if h.Status == Held {
			out = append(out, h)
		}
	}
	return out
}

// redefine drops what depends on the previous value of v, which gets a new one.
func (s *state) redefine(v ssa.Value) {
	var out []Holding
	for _, h := range s.locks {
		if h.Lock.dependsOn(v) {
			if h.Status != Held {
				continue
			}
			h.Lock.Root = nil // an instance of an earlier iteration
			h.Lock.sel = ""
			if slices.ContainsFunc(out, func(o Holding) bool { return o.key() == h.key() }) {
				continue
			}
		}
		out = append(out, h)
	}
	s.locks = out
	id := ptr(v)
	s.conds = slices.DeleteFunc(s.conds, func(c cond) bool { return strings.Contains(c.key, id) })
}

// forget makes the status of every lock that may be p unknown.
func (s *state) forget(p Path) {
	for i := range s.locks {
		if s.locks[i].Lock.MayBe(p) {
			s.locks[i].Status = Unknown
		}
	}
}

// ptr identifies the value that the pointer v points to, in keys.
func ptr(v any) string { return strconv.FormatUint(uint64(reflect.ValueOf(v).Pointer()), 36) }
