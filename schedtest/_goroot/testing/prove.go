package testing

import (
	"fmt"
	"internal/race"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// The driver when it proves: the explorer has every schedule run that differs.
// See package runtime for all of these.

//go:linkname fearlessProving runtime.fearlessProving
var fearlessProving bool

//go:linkname fearlessProve
//go:noescape
func fearlessProve(what uint8, t unsafe.Pointer)

//go:linkname fearlessTesting
func fearlessTesting(on bool)

//go:linkname fearlessProveMode
func fearlessProveMode(decider int, ideal bool, user []string, picks []uint32)

//go:linkname fearlessProveStart
func fearlessProveStart(piece []uint32, bound int, short bool) bool

//go:linkname fearlessProveGave
func fearlessProveGave() bool

//go:linkname fearlessProveUntried
func fearlessProveUntried() []uint32

//go:linkname fearlessProveNames
func fearlessProveNames(known []uint32) []uint32

//go:linkname fearlessProveMore
func fearlessProveMore() bool

//go:linkname fearlessProveOver
func fearlessProveOver(cut bool) (diverged bool)

//go:linkname fearlessProvePath
func fearlessProvePath(first uint64, watch bool) uint64

//go:linkname fearlessProveStats
func fearlessProveStats() (executions, blocked, cut uint64, done, schedules float64)

//go:linkname fearlessProvePicks
func fearlessProvePicks() (picks []uint32, strayed bool)

//go:linkname fearlessProveLimit
func fearlessProveLimit(i int) (level, what uint8, pcs []uintptr, ok bool)

//go:linkname fearlessRemember
func fearlessRemember(named, unnamed []int64)

//go:linkname fearlessAsked
func fearlessAsked() (list []string, all bool)

//go:linkname fearlessRestore
func fearlessRestore()

//go:linkname fearlessChangedAt
func fearlessChangedAt() (at int64, changed bool)

//go:linkname fearlessUnkept
func fearlessUnkept()

// Who decides.
const (
	fearlessNoProof    = -1
	fearlessByStrategy = 0
	fearlessByDpor     = 1
	fearlessByPicks    = 2
)

// Events of package runtime.
const (
	fearlessReport  = 36
	fearlessFail    = 37
	fearlessFailed  = 38
	fearlessCleanup = 39
	fearlessEnd2    = 40
)

// fearlessChanged is the limit that is about a variable, of which fearlessChangedAt
// tells.
const fearlessChanged = 27

// Outcomes of package runtime, beside those of any run.
const (
	fearlessStoppedCut = iota + 10
	fearlessStoppedUnsuitable
)

// fearlessTell is a point before the test is told something, and begins what is
// package testing's own.
func fearlessTell(what uint8, c *common) {
	if what != 0 {
		fearlessProve(what, unsafe.Pointer(c))
	}
	if what == fearlessFail {
		for p := c.parent; p != nil; p = p.parent {
			fearlessProve(what, unsafe.Pointer(p)) // it fails, too
		}
	}
	fearlessQuiet(1)
}

// fearlessUnseen begins (1) and ends (-1) what the race detector does not see.
//
//go:linkname fearlessUnseen runtime.fearlessUnseen
func fearlessUnseen(by int32)

// fearlessReads tells the race detector that p is read.
func fearlessReads(p []byte) {
	if race.Enabled && len(p) > 0 {
		race.ReadRange(unsafe.Pointer(&p[0]), len(p))
	}
}

// fearlessTestEnd is the event that a test ends.
func fearlessTestEnd(c *common) {
	if fearlessProving {
		fearlessTesting(false)
		fearlessProve(fearlessEnd2, unsafe.Pointer(c))
		fearlessTesting(true)
	}
}

// fearlessUsesContext notes that the test's context may be known to others.
//
//go:norace
func (c *common) fearlessUsesContext() { c.fearlessContext = true }

// fearlessCancel cancels the test's context, which others may see.
func (c *common) fearlessCancel() {
	if fearlessProving && c.fearlessContext {
		fearlessTesting(false)
		defer fearlessTesting(true)
	}
	c.cancelCtx()
}

// fearlessRunCleanup runs a function of the test.
func fearlessRunCleanup(cleanup func()) {
	if fearlessProving {
		fearlessTesting(false)
		defer fearlessTesting(true)
	}
	cleanup()
}

// fearlessLoopTime is for how long a process explores a piece in which a goroutine
// perhaps goes round a loop, in nanoseconds. It would explore one round more and one
// more, and not come to anything else.
const fearlessLoopTime = 1_000_000_000

// fearlessAskTime is how often a process looks whether others wait for pieces, in
// nanoseconds.
const fearlessAskTime = 50_000_000

// begins has package variables and the environment be what they were before the first
// execution.
func (d *fearlessDriver) begins() {
	if !d.kept {
		d.kept = true
		for range 64 {
			runtime.Gosched() // what init has started comes to where it waits
		}
		d.environ = syscall.Environ()
		fearlessRemember(d.job.memory, d.job.unnamed)
		if d.job.unknown {
			fearlessUnkept()
		}
		return
	}
	fearlessRestore()
	if slices.Equal(syscall.Environ(), d.environ) {
		return
	}
	os.Clearenv()
	for _, s := range d.environ {
		name, value, _ := strings.Cut(s, "=")
		os.Setenv(name, value)
	}
}

// prove has every schedule of the job's pieces run, as far as it comes. It returns
// the process's exit status.
func (d *fearlessDriver) prove(body func(*T), events []fearlessEvent) int {
	j := &d.job
	if j.warm {
		// Is the second run in this process like the first one?
		first := fearlessProvePath(0, true)
		if fit := d.iterate(body, events); !fit {
			d.unfit()
			return 0
		}
		fearlessProvePath(first, false)
	}
	if len(j.pieces) == 0 {
		j.pieces = [][]uint32{{0, 0}} // everything
	}
	started := time.Now().UnixNano() // not virtual, as time.Since would be
	look := j.least * 1_000_000
	count := uint64(0)
	for i, piece := range j.pieces {
		if !fearlessProveStart(piece, j.bound, !j.warm) {
			d.proved("damaged")
			return 0
		}
		for {
			fearlessProveMode(fearlessByDpor, j.ideal, j.user, nil)
			if !fearlessProveMore() {
				d.leave(i)
				break
			}
			d.index = count
			fit := d.iterate(body, events)
			if d.proofOver {
				return 0
			}
			count++
			if fearlessProveOver(d.status == fearlessStoppedCut) {
				d.proved("diverged")
				return 0
			}
			how := ""
			spent := time.Now().UnixNano() - started
			d.spent = spent
			switch {
			case !fit:
				d.leave(i)
				d.unfit()
				return 0
			case j.count > 0 && count >= j.count:
				how = "count"
			case j.millis > 0 && spent > j.millis*1_000_000:
				how = "time"
			case j.ask != "" && spent > look && d.asked(&look):
				how = "time"
			case spent > fearlessLoopTime && fearlessProveGave():
				how = "loop"
			default:
				continue
			}
			d.leave(i)
			d.proved(how)
			return 0
		}
	}
	d.proved("all")
	return 0
}

// asked reports whether others wait for pieces. It moves look on to when that is looked at
// again.
func (d *fearlessDriver) asked(look *int64) bool {
	*look += fearlessAskTime
	_, err := os.Lstat(d.job.ask)
	return err == nil
}

// leave writes what has been explored of the i-th piece, and what is left of it, unless
// that is all.
func (d *fearlessDriver) leave(i int) {
	executions, blocked, cut, _, schedules := fearlessProveStats()
	left := fearlessProveUntried()
	if left == nil {
		return
	}
	report := fmt.Sprint(left)
	d.line("piece %d %d %d %d %g %s", i, executions, blocked, cut, schedules, report[1:len(report)-1])
}

// unfit ends a proof after an execution without a failure behind which the
// process cannot go on.
func (d *fearlessDriver) unfit() {
	switch {
	case d.proofOver:
	case d.status == fearlessStoppedCut:
		d.proved("cut")
	case d.status == fearlessStoppedUnsuitable:
		d.proved("unsuitable")
	default:
		d.proved("worn")
	}
}

// proved writes how a proof has ended.
func (d *fearlessDriver) proved(how string) {
	d.proofOver = true
	d.line("proof %s", how)
	d.line("spent %d", d.spent)
	d.names()
	d.limits()
	list, all := fearlessAsked()
	for _, what := range list {
		d.line("asks %q", what)
	}
	if !all {
		d.line("asks %q", "")
	}
	d.end("end", 0, 0)
}

// names writes what the numbers of goroutines mean.
func (d *fearlessDriver) names() {
	names := fmt.Sprint(fearlessProveNames(nil))
	d.line("names %s", names[1:len(names)-1])
}

// limits writes what takes the word away.
func (d *fearlessDriver) limits() {
	for i := 0; ; i++ {
		level, what, pcs, ok := fearlessProveLimit(i)
		if !ok {
			return
		}
		var b strings.Builder
		n := 0
		for n < len(pcs) && pcs[n] != 0 {
			n++
		}
		if n > 0 {
			it := runtime.CallersFrames(pcs[:n])
			for {
				f, more := it.Next()
				fmt.Fprintf(&b, "\t%s\t%s:%d", f.Function, f.File, f.Line)
				if !more {
					break
				}
			}
		}
		if at, changed := fearlessChangedAt(); changed && what == fearlessChanged {
			fmt.Fprintf(&b, "\t%d", at)
		}
		d.line("limit %d %d%s", level, what, b.String())
	}
}
