// Package strategy holds the rules by which a controlled run picks the
// goroutine that runs next.
//
// Its files are compiled twice: here, to be tested, and as part of package
// runtime of a program under test, where a pick runs on the scheduler's own
// stack. They therefore import nothing, and allocate only when a slice grows.
package strategy

// An Op says what a goroutine is about to do at a scheduling point.
type Op uint8

// The operations a scheduling point stands before.
const (
	OpNone   Op = iota
	OpGo        // just after a go statement
	OpSend      // channel send
	OpRecv      // channel receive
	OpClose     // channel close
	OpSelect    // select
	OpLock      // lock or try-lock
	OpUnlock    // unlock
	OpCond      // sync.Cond
	OpRead      // atomic load
	OpWrite     // any other atomic operation
	OpYield     // runtime.Gosched: the goroutine asks to be passed over
	OpTimer     // pending timer that may fire now
	OpStart     // not run yet
	OpMap       // in the middle of a write to a map
	OpChoice    // a choice of the program, such as a select's; no scheduling point
	OpClock     // start, stop or reset of a timer
	OpNet       // an operation of the network in memory
)

// TimerID is the ID of the pseudo goroutine that fires the next timer early.
const TimerID = 0

// A Thread is a goroutine that can run now.
type Thread struct {
	ID   uint32  // from 1 in the order of creation; TimerID for the timer
	Op   Op      // what it does next
	Addr uintptr // what it does it to; 0 when unknown
	Done uint32  // how many scheduling points it has passed
}

// A Point is one decision.
type Point struct {
	Threads  []Thread // all that can run, by ascending ID; never empty
	Current  int      // index of the one that arrived here, or -1 if it blocked or ended
	Last     uint32   // ID of the one that ran last, even if it blocked or ended
	LastDone uint32   // how many scheduling points that one has passed
	Step     uint64   // scheduling points passed by all together
}

// Strategy picks schedules. Begin starts the schedule of one seed; Pick then
// returns an index into p.Threads for each decision, the same for the same
// seed and the same points. The methods are not safe for concurrent use.
type Strategy interface {
	Begin(s Spec)
	Pick(p *Point) int
}

// A Spec names one schedule.
type Spec struct {
	Kind   Kind
	Depth  uint32 // PCT: the bug depth d; DFS: the preemption bound
	Length uint32 // PCT: how many steps a run is thought to have
	Seed   uint64
}

// A Kind is one of the strategies.
type Kind uint8

// The strategies.
const (
	KindFirst    Kind = iota // no preemption at all, the oldest goroutine first
	KindRandom               // RandomWalk
	KindPCT                  // PCT
	KindPOS                  // POS
	KindDFS                  // DFS
	KindSwitches             // Switches
	kinds
)

// A RandomSource is the splitmix64 generator of Steele, Lea and Flood,
// "Fast splittable pseudorandom number generators" (OOPSLA 2014).
type RandomSource uint64

// Next returns the next number of the sequence.
func (r *RandomSource) Next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return Mix(uint64(*r))
}

// Below returns a number in [0, n). It panics if n is 0.
func (r *RandomSource) Below(n uint64) uint64 {
	return r.Next() % n
}

// Mix is splitmix64's finalizer, a bijection that spreads its input's bits.
func Mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// unfairAfter is the number of picks in a row that one goroutine gets from an
// unfair strategy while others wait. A goroutine that spins on a variable until
// another changes it would otherwise never end.
const unfairAfter = 300

// waits reports whether op may be one turn of a loop that waits for others. A
// loop of the other operations ends by itself, or blocks.
func waits(op Op) bool {
	switch op {
	case OpGo, OpSend, OpClose, OpCond:
		return false
	}
	return true
}

// firstThread is KindFirst: the current goroutine goes on while it can, then
// the oldest other; a goroutine that yields is passed over in rotation.
type firstThread struct {
	run uint32
}

func (f *firstThread) Begin(Spec) { f.run = 0 }

func (f *firstThread) Pick(p *Point) int { return f.pick(p) }

func (f *firstThread) pick(p *Point) int {
	f.run++
	if p.Current >= 0 && !waits(p.Threads[p.Current].Op) {
		f.run = 0
	}
	if p.Current >= 0 && p.Threads[p.Current].Op != OpYield && f.run < unfairAfter {
		return p.Current
	}
	f.run = 0
	if p.Current >= 0 {
		if next := p.Current + 1; next < len(p.Threads) {
			return next
		}
	}
	if p.Threads[0].ID == TimerID && len(p.Threads) > 1 {
		return 1
	}
	return 0
}
