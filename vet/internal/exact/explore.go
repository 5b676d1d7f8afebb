package exact

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// Limits on one search.
const (
	maxStates = 30_000
	maxSteps  = 3_000_000 // instructions
	maxLocal  = 100_000   // instructions of one goroutine without that another could notice
	// How much is copied and looked at in all, in cells, registers and uses: a
	// step of a program with much memory costs as much as thousands of one with
	// little.
	maxCopied  = 10_000_000
	maxThreads = 24
	maxRounds  = 6
)

// A Result is what a search has found.
type Result struct {
	Races []Race
	// Complete tells that every execution has been looked at: there are no
	// other races.
	Complete bool
	// Fails tells that some execution ends by a mistake that Go finds at run
	// time: a nil pointer, an index out of range. What is behind it has not
	// been looked at, and belongs to a program that is yet to be finished.
	Fails bool
	// Reason is why the search is not complete.
	Reason string
	// Stuck are the operations that wait for good in some execution: each is of
	// a goroutine that has not ended where nobody can go on.
	Stuck []Stuck
	// Broken are the operations on channels and groups that panic in some execution.
	Broken []Broken
	// Ran are the functions that have run, in some execution.
	Ran map[*ssa.Function]bool
	// States is how many states were looked at.
	States int
}

// A Race is two accesses to one place, one of them a write, that nothing
// orders in some execution.
type Race struct {
	A, B Use
	// Made is what has made the memory, and Cell the part of it: with them
	// races on one variable can be told from others. Made may be nil.
	Made ssa.Value
	Cell int
	// Guessed tells that the execution takes a branch of which it is not
	// known whether it can be taken.
	Guessed bool
}

// A Use is an access as an instruction.
type Use struct {
	Instr  ssa.Instruction
	Write  bool
	Atomic bool
	Close  bool            // of a channel: a close is a write, a send a read
	Start  ssa.Instruction // the go statement or call that has started its goroutine; nil for the first
}

// Explore runs root and all that it starts in every interleaving. Root may
// have a *testing.T for a parameter and no others.
func Explore(root *ssa.Function) *Result {
	m := newSearch(root)
	if !m.closed(root) {
		m.result.Reason = "it has parameters"
		return m.result
	}
	return m.explore()
}

func newSearch(root *ssa.Function) *search {
	return &search{
		root: root, layouts: layouts{}, movers: map[*ssa.Function]bool{}, funcs: map[*ssa.Function]*funcInfo{}, globalIDs: map[*ssa.Global]int{},
		accessIDs: map[ssa.Instruction]int{}, noticed: map[ssa.Instruction]bool{}, spawnIDs: map[spawnKey]int{},
		typeIDs: map[types.Type]int{}, races: map[racePair]bool{}, stuck: map[stuckKey]bool{}, broken: map[Broken]bool{}, result: &Result{Ran: map[*ssa.Function]bool{}},
	}
}

// explore searches until it is known what is a step.
func (m *search) explore() *Result {
	for range maxRounds {
		before := len(m.noticed)
		if !m.search() {
			if m.result.Reason == beginAgain {
				m.result.Reason = ""
				continue
			}
			return m.result
		}
		if len(m.noticed) == before {
			m.result.Complete = true
			return m.result
		}
	}
	m.result.Reason = "too many accesses race"
	return m.result
}

// closed reports whether root can be called without knowing more.
func (m *search) closed(root *ssa.Function) bool {
	if len(root.FreeVars) > 0 || len(root.Blocks) == 0 || root.TypeParams().Len() > 0 {
		return false
	}
	for _, p := range root.Params {
		if !isTest(p.Type()) {
			return false
		}
	}
	return true
}

func isTest(t types.Type) bool { return api.TypeOf(t) == (api.Type{Pkg: "testing", Name: "T"}) }

// A search is one exploration.
type search struct {
	root      *ssa.Function
	layouts   layouts
	funcs     map[*ssa.Function]*funcInfo
	globalIDs map[*ssa.Global]int
	accesses  []ssa.Instruction
	accessIDs map[ssa.Instruction]int
	spawnIDs  map[spawnKey]int
	typeIDs   map[types.Type]int
	noticed   map[ssa.Instruction]bool // accesses that are steps of their own
	tries     bool                     // Unlock and Done are steps: see needSteps
	locks     bool                     // locks are written as a whole: that they are used is an access, too
	movers    map[*ssa.Function]bool   // of generic code: see moves
	tolerant  bool                     // while package variables are initialised
	around    bool                     // functions that are not known are outside: see ExploreAround
	steps     int
	copied    int
	races     map[racePair]bool
	stuck     map[stuckKey]bool
	broken    map[Broken]bool
	result    *Result
}

type racePair struct {
	a, b    int32
	guessed bool
}

// A spawnKey says which goroutine a thread is, in every execution: the n-th
// that parent starts at site.
type spawnKey struct {
	parent int
	site   ssa.Instruction
	n      int
}

// beginAgain is the reason to give up of a search that has found out what is
// a step; the next one begins with that.
const beginAgain = "begin again"

// search looks at all states. It reports false if it had to give up.
func (m *search) search() (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			g, isOurs := r.(giveUp)
			if !isOurs {
				panic(r)
			}
			m.result.Reason = g.reason
		}
	}()
	work := []*state{m.begin()}
	if work[0].crashed() {
		return true
	}
	seen := map[string]bool{m.key(work[0]): true}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		m.result.States++
		goesOn := false
		for i := range s.threads {
			if len(s.threads[i].frames) == 0 {
				continue
			}
			outcomes, waits := m.outcomes(s, i)
			goesOn = goesOn || !waits
			for _, next := range outcomes {
				if key := m.key(next); !seen[key] {
					seen[key] = true
					work = append(work, next)
				}
			}
		}
		if !goesOn {
			m.noteStuck(s)
		}
		if len(seen) > maxStates {
			stop("too many states")
		}
	}
	return true
}

// begin is the state in which root is called.
func (m *search) begin() *state {
	s := &state{}
	t := &thread{clock: clock{1}, spawns: map[ssa.Instruction]int{}}
	s.threads = append(s.threads, t)
	m.initialise(s, t)
	m.enter(t, callee{fn: m.root}, m.arguments(s))
	m.settle(s, t)
	return s
}

// outcomes are the states after one step of thread i; waits reports that it
// has to wait. A step that ends the process leads to no state.
func (m *search) outcomes(s *state, i int) (out []*state, waits bool) {
	var c chooser
	size := s.size()
	for {
		if m.copied += size; m.copied > maxCopied {
			stop("too much memory to copy")
		}
		next := s.clone()
		t := next.threads[i]
		c.at = 0
		switch m.exec(next, t, &c) {
		case blocked:
			return nil, true
		case crashed:
		default:
			m.settle(next, t)
			if !next.crashed() {
				out = append(out, next)
			}
		}
		if !c.next() {
			return out, false
		}
	}
}

// crashed reports whether the process has ended.
func (s *state) crashed() bool { return s.threads == nil }

// crash ends the process: by a panic, or because the program says so.
func (s *state) crash() { s.threads = nil }

// settle runs t, and what it starts, up to the next step that others could
// notice.
func (m *search) settle(s *state, t *thread) {
	for n := 0; len(t.frames) > 0 && !s.crashed() && !m.noticeable(t); n++ {
		if n > maxLocal {
			stop("a loop that is too long, or has no end")
		}
		if m.exec(s, t, nil) == crashed {
			s.crash()
		}
	}
}

// A chooser goes through the ways in which a step can come out.
type chooser struct {
	at     int
	picked []int
	of     []int
}

// choose picks one of n.
func (c *chooser) choose(n int) int {
	if c == nil {
		stop("a choice within a step")
	}
	if c.at == len(c.picked) {
		c.picked, c.of = append(c.picked, 0), append(c.of, n)
	}
	c.at++
	return c.picked[c.at-1]
}

// next moves on to the next way. It reports false after the last.
func (c *chooser) next() bool {
	for i := len(c.picked) - 1; i >= 0; i-- {
		if c.picked[i]+1 < c.of[i] {
			c.picked[i]++
			c.picked, c.of = c.picked[:i+1], c.of[:i+1]
			return true
		}
	}
	return false
}

func (m *search) access(instr ssa.Instruction) int {
	n, ok := m.accessIDs[instr]
	if !ok {
		n = len(m.accesses)
		m.accessIDs[instr] = n
		m.accesses = append(m.accesses, instr)
	}
	return n
}

func (m *search) typeID(t types.Type) int {
	n, ok := m.typeIDs[t]
	if !ok {
		n = len(m.typeIDs)
		for u, id := range m.typeIDs {
			if types.Identical(t, u) {
				n = id
			}
		}
		m.typeIDs[t] = n
	}
	return n
}

// noteRace notes that what thread t does now races with u.
func (m *search) noteRace(s *state, t *thread, o *object, cell int, instr ssa.Instruction, write, atomic bool, u use) {
	a, b := int32(m.access(instr)), u.access
	m.noticed[instr], m.noticed[m.accesses[b]] = true, true
	if a > b {
		a, b = b, a
	}
	guessed := s.guessed || u.guessed
	pair := racePair{a, b, guessed}
	if m.races[pair] || m.races[racePair{a, b, false}] {
		return
	}
	m.races[pair] = true
	race := Race{
		A:       Use{m.accesses[u.access], u.write, u.atomic, o.chann != nil, s.threads[u.thread].site},
		B:       Use{instr, write, atomic, o.chann != nil, t.site},
		Made:    o.made,
		Cell:    cell,
		Guessed: guessed,
	}
	m.result.Races = append(m.result.Races, race)
}

// spawn starts a thread of t at site. Its frames are for the caller to push.
func (m *search) spawn(s *state, t *thread, site ssa.Instruction) *thread {
	if len(s.threads) >= maxThreads {
		stop("too many goroutines")
	}
	key := spawnKey{t.id, site, t.spawns[site]}
	t.spawns[site]++
	id, ok := m.spawnIDs[key]
	if !ok {
		id = len(m.spawnIDs) + 1
		m.spawnIDs[key] = id
	}
	u := &thread{index: len(s.threads), id: id, site: site, spawns: map[ssa.Instruction]int{}}
	known := t.release()
	u.clock = make(clock, len(s.threads)+1)
	copy(u.clock, known)
	u.clock[u.index] = 1
	s.threads = append(s.threads, u)
	return u
}

// Races of the result that are certain.
func (r *Result) Certain() []Race {
	return slices.DeleteFunc(slices.Clone(r.Races), func(race Race) bool { return race.Guessed })
}
