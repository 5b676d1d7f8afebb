package graph

// Memory is the memory model that an exploration follows.
type Memory uint8

const (
	// RC11 is the repaired C11 model of Lahav et al., "Repairing Sequential
	// Consistency in C/C++11" (PLDI 2017), with the release sequences of C++20.
	RC11 Memory = iota
	// SC is sequential consistency: every atomic operation counts as SeqCst.
	SC
)

func (m Memory) String() string {
	if m == SC {
		return "sc"
	}
	return "rc11"
}

// Order is a memory ordering.
type Order uint8

const (
	NonAtomic Order = iota // a plain access: it races with every unordered conflicting access
	Relaxed
	Acquire
	Release
	AcqRel
	SeqCst
)

var orderNames = [...]string{"na", "Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"}

func (o Order) String() string { return orderNames[o] }

// Acquires reports whether a read or a fence with that ordering acquires.
func (o Order) Acquires() bool { return o == Acquire || o >= AcqRel }

// Releases reports whether a write or a fence with that ordering releases.
func (o Order) Releases() bool { return o >= Release }
