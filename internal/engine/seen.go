package engine

import (
	"runtime"
	"slices"
)

// Seen is what an exploration met that its report should speak of: so little
// that it can say nothing, or what it cannot watch.
type Seen struct {
	Threads int  // most in one execution, thread 0 included
	Shared  bool // two threads used one atomic, lock or other object, the end of a thread aside
	// Raw is the calls that took the address of a plain variable past the
	// checks for races, by program counter. There are at most maxRaw.
	Raw []uintptr
	// Waits is the rounds after which threads wait: the callers of the SpinLoop, none
	// if the loop calls none, and those of each operation, innermost first. Whether
	// the loop keeps something of a round shows only in its source. There are at
	// most maxWaits, each once; MoreWaits is whether there were more.
	Waits     [][][]uintptr
	MoreWaits bool
	// Several is whether a round that uses several objects counted as nothing, which is
	// not certain if it is Frees, whether the program gives objects back.
	Several, Frees bool
	// Cuts is where threads were cut, by Options.Unroll. There are at most maxRaw.
	Cuts []string
}

const maxWaits = 512

const maxRaw = 16

// see notes what the complete run just over shows. It looks until two threads
// have shared an object: after that nothing depends on it.
func (e *Engine) see() {
	s := &e.seen
	if s.Shared {
		return
	}
	g := e.x.G
	threads := 0
	for _, t := range g.Thr {
		threads += truth(t.Used)
	}
	s.Threads = max(s.Threads, threads)
	for i := range g.Loc {
		if l := &g.Loc[i]; !l.Ends && len(l.Acc) > 1 {
			first := g.Ev[l.Acc[0]].Thr
			s.Shared = s.Shared || slices.ContainsFunc(l.Acc, func(id int32) bool { return g.Ev[id].Thr != first })
		}
	}
}

// add joins what another engine has seen.
func (s *Seen) add(o *Seen) {
	s.Threads, s.Shared = max(s.Threads, o.Threads), s.Shared || o.Shared
	for _, pc := range o.Raw {
		s.addRaw(pc)
	}
	for _, w := range o.Waits {
		s.addWait(w)
	}
	s.MoreWaits = s.MoreWaits || o.MoreWaits
	s.Several, s.Frees = s.Several || o.Several, s.Frees || o.Frees
	for _, at := range o.Cuts {
		s.addCut(at)
	}
}

func (s *Seen) addCut(at string) {
	if len(s.Cuts) < maxRaw && !slices.Contains(s.Cuts, at) {
		s.Cuts = append(s.Cuts, at)
	}
}

// addWait keeps the callers of a round.
func (s *Seen) addWait(callers [][]uintptr) {
	if slices.ContainsFunc(s.Waits, func(w [][]uintptr) bool { return slices.EqualFunc(w, callers, slices.Equal) }) {
		return
	}
	if len(s.Waits) == maxWaits {
		s.MoreWaits = true
		return
	}
	s.Waits = append(s.Waits, slices.Clone(callers))
}

func (s *Seen) addRaw(pc uintptr) {
	if len(s.Raw) < maxRaw && !slices.Contains(s.Raw, pc) {
		s.Raw = append(s.Raw, pc)
	}
}

// Escapes notes that the program takes the address of a plain variable, whose
// accesses nobody watches then. The caller is called by the library's method
// that the program calls.
func (t *Thread) Escapes() {
	if s := &t.e.seen; len(s.Raw) < maxRaw {
		var pcs [1]uintptr
		if runtime.Callers(4, pcs[:]) == 1 {
			s.addRaw(pcs[0])
		}
	}
}
