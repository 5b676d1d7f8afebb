package engine

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// A steering decides which thread does the next step of a run, and what a choice is.
// Loads find what is last in coherence order, and stores come last there. So such a run
// is an interleaving: it is sequentially consistent, and RC11 allows each of those.
type steering struct {
	e        *Engine
	next     func() *Thread  // is called when all threads wait for their turn; nil ends the run
	choose   func(n int) int // one of n alternatives
	standing []standing      // of the threads, by number
	frames   bool            // keep who called the operations
	memories int             // how many values a standing has in recent
	names    []int32         // of the locations, see memory
}

// A standing is where in its program a thread is, as far as can be seen from outside: at
// which operation, and what it has read last. That is no more than a guess at its local
// state: what follows from it is tried out.
type standing struct {
	place   uint64
	events  int32    // that the thread had when it came there
	passes  int32    // how often it has let others run there
	seen    int32    // how many of its events are in recent and used
	recent  []uint64 // what it has read last, or chosen
	used    []int32  // the locations that it has used, in the order in which it came to them
	callers []uintptr
}

// begin forgets the run before.
func (s *steering) begin() {
	for i := range s.standing {
		a := &s.standing[i]
		*a = standing{recent: a.recent[:0], used: a.used[:0]}
	}
}

// of is where thread t stands.
func (s *steering) of(t *Thread) *standing {
	for len(s.standing) <= int(t.id) {
		s.standing = append(s.standing, standing{})
	}
	a, g := &s.standing[t.id], t.x.G
	for log := g.Thr[t.id]; a.seen < log.Cur; a.seen++ {
		e := &g.Ev[log.Ev[a.seen]]
		if e.Access() && !slices.Contains(a.used, e.Loc) {
			a.used = append(a.used, e.Loc)
		}
		if e.Kind == graph.Read || e.Kind == graph.Choice {
			if len(a.recent) >= s.memories {
				a.recent = a.recent[:copy(a.recent, a.recent[1:])]
			}
			a.recent = append(a.recent, e.Val)
		}
	}
	return a
}

// arrives notes that a thread is about to do an operation, and lets others run first.
func (s *steering) arrives(t *Thread) {
	a := s.of(t)
	place, events := t.placeOf(), t.x.G.Thr[t.id].Cur
	if s.frames {
		a.callers = t.usersFrames()
	}
	if a.place != place || a.events != events {
		a.passes = 0
	}
	a.place, a.events = place, events
	a.passes++
}

// A moment is the state of the program between two steps.
type moment struct {
	key     uint64 // a hash of it
	memory  uint64 // a hash of the last values
	enabled uint64 // threads that can do a step, as bits
	unclear bool   // something decides that is neither in memory nor where a thread stands
}

// mostSteered is how many threads a program may have to be steered.
const mostSteered = 64

// now is the state of the program. All threads wait.
func (s *steering) now() (m moment) {
	e := s.e
	m.memory, m.key = s.memory()
	for _, t := range e.threads {
		if t.state == idle {
			continue
		}
		m.key = explore.Mix(m.key, uint64(t.id)<<16|uint64(t.state)<<1|uint64(truth(t.new)))
		if t.state == over {
			continue
		}
		if t.id >= mostSteered || t.state == discarded || t.state == limited || t.state == deferred && t.wait.over != nil {
			m.unclear = true
			continue
		}
		if e.canGoOn(t) {
			m.enabled |= 1 << t.id
		}
		if a := s.of(t); !t.new {
			m.key = explore.Mix(explore.Mix(m.key, a.place), uint64(a.passes))
			for _, v := range a.recent {
				m.key = explore.Mix(m.key, v)
			}
			m.key = explore.Mix(m.key, uint64(len(a.recent)))
		}
	}
	return m
}

// memory is a hash of the last values of the locations, and one that says, too, which
// thread has used which of them. The numbers of locations follow from the order of all
// steps. So they are named anew: in the order in which thread 0 came to them, then
// thread 1 to others, and on.
func (s *steering) memory() (values, all uint64) {
	g := s.e.x.G
	s.names = append(s.names[:0], make([]int32, len(g.Loc))...)
	named := int32(0)
	values, all = explore.FirstHistory, explore.FirstHistory
	for _, t := range s.e.threads {
		if t.state == idle {
			continue
		}
		a := s.of(t)
		for _, n := range a.used {
			if s.names[n] == 0 {
				named++
				s.names[n] = named
				l := &g.Loc[n]
				values = explore.Mix(values, g.ValueAt(l, int32(len(l.CO))-1))
			}
			all = explore.Mix(all, uint64(s.names[n]))
		}
		all = explore.Mix(all, uint64(len(a.used)))
	}
	return values, explore.Mix(all, values)
}

// pick is the thread that does the next step; nil: the run is over.
func (s *steering) pick() *Thread {
	t := s.next()
	if t == nil {
		s.e.x.Dead = true
	}
	return t
}

// run does one run from the beginning. It reports false if there is no use in others.
func (s *steering) run() bool {
	x := s.e.x
	x.Fresh()
	s.e.run()
	f := x.Failure
	s.e.unwind()
	x.Failure = nil
	if f == nil {
		return true
	}
	switch f.Kind {
	case Unsupported, Nondeterministic, Foreign:
		return false
	}
	return true
}
