package dpor

// A DporMode says how an event uses an object. The table of what depends on
// what is dporConflict, together with the positions of sends and receives.
type DporMode uint8

// The modes.
const (
	DporRead  DporMode = iota // commutes with DporRead
	DporWrite                 // commutes with nothing
	DporAdd                   // counts up; commutes with DporAdd and DporSub
	DporSub                   // counts down by one; commutes with DporAdd and DporSub
	DporSend                  // to a buffered channel: commutes with a receive unless that takes its item or makes its room
	DporRecv                  // from a buffered channel
)

// A DporTest is a condition on an object's state that an operation depends on.
// With it the explorer can tell whether an operation that is moved to an earlier
// place completes there, and how.
type DporTest uint8

// The tests.
const (
	DporNone  DporTest = iota // State is not given
	DporKnown                 // State is given, without a condition
	DporGuard                 // the operation is enabled only while State == Want
	DporIf                    // while State == Want the operation writes, otherwise it reads
	DporTry                   // a send or receive that is only a read while it is not ready
	DporMay                   // not touched in the present state, but may be in another
	DporNow                   // touched so in the present state, but perhaps not in another; State is given
	DporTake                  // the operation takes one of State items, or none: it has State+1 variants, at most 64
)

// DporClosed is the bit of a channel's State that says that it is closed.
const DporClosed = 1 << 32

// A DporAccess is what an operation does to one object.
type DporAccess struct {
	Object  uint64 // a number that is the object's within one execution
	State   uint64 // of the object before the operation: a value, a count, the items of a channel
	Want    uint64
	Cap     uint32 // of the channel, for DporSend and DporRecv
	Mode    DporMode
	Test    DporTest
	Variant uint8 // 0 for every variant of the operation, k+1 for variant k only
}

// A DporPending is what a thread does when it runs next.
type DporPending struct {
	Thread   uint32       // a name that a rerun gives again; 0 is the timer
	Op       uint8        // kind of operation, for checks and reports
	Enabled  bool         // whether it can complete now
	Place    uint64       // hash of the program counters, for the divergence check
	Variants uint64       // set of the alternatives that it has now; 0 means one
	Accesses []DporAccess // all that it may touch; valid during the call
}

// dporAnyVariant stands for the first variant that is available.
const dporAnyVariant = 255

// dporConflict reports whether two operations that are enabled in the same
// state, one using an object as a and the other as b, may not commute.
//
// A send and a receive that are both enabled on a channel commute: there is an
// item, and there is room, so neither needs the other.
func dporConflict(a, b DporMode) bool {
	switch a {
	case DporRead:
		return b != DporRead
	case DporAdd, DporSub:
		return b != DporAdd && b != DporSub
	case DporSend:
		return b != DporRecv
	case DporRecv:
		return b != DporSend
	}
	return true
}

// ready reports whether a send or receive completes while the channel is in state.
func (a *DporAccess) ready(state uint64) bool {
	if state&DporClosed != 0 {
		return true
	}
	if a.Mode == DporSend {
		return state < uint64(a.Cap)
	}
	return state != 0
}

// mode returns how variant of the operation uses the object in state.
func (a *DporAccess) mode(state uint64, known bool, variant uint8) DporMode {
	if a.Test == DporMay {
		return a.Mode
	}
	if a.Variant != 0 && variant != dporAnyVariant && a.Variant != variant+1 {
		return DporRead
	}
	if !known {
		return a.Mode
	}
	if state&DporClosed != 0 && (a.Mode == DporSend || a.Mode == DporRecv && uint32(state) == 0) {
		return DporRead // it sees that the channel is closed, and changes nothing
	}
	switch a.Test {
	case DporIf:
		if state == a.Want {
			return DporWrite
		}
		if a.Mode == DporWrite {
			return DporRead
		}
	case DporTry:
		if !a.ready(state) {
			return DporRead
		}
	}
	return a.Mode
}
