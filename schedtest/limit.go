package schedtest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

// A Limit is something that a proof has met and does not enumerate.
type Limit struct {
	Level LimitLevel `json:"level"`
	What  string     `json:"what"`
	At    trace.Pos  `json:"at,omitzero"` // where, in the code under test

	frames []frame
	code   int   // in limitTexts
	global int64 // the variable that it is about, as globals have it
}

// A LimitLevel is how much a Limit says.
type LimitLevel uint8

// The levels.
const (
	Sampled LimitLevel = iota // one way of several was tried: nothing is proven, and failures were looked for
	Cut                       // the search ended there
	Outside                   // the test depends on what cannot be enumerated
	Given                     // what is proven is so with this: Proof.Bound names it, Proof.Limits does not
)

// limitTexts are the limits of _goroot/runtime/prove_limit.go, in its order: what
// the test does, as "it" may stand before it.
var limitTexts = []string{
	"",
	"has too many goroutines to be told apart: make the test smaller",
	"has more than 64 goroutines in one execution: make the test smaller, or sample it with fearless test",
	"has more than 16384 events in one execution, or goes round until another goroutine does something: make the test smaller, or sample it with fearless test",
	"has a select with more than 64 cases",
	"makes a random choice of more than 64 alternatives",
	"waits in a way that is none of those that are modelled",
	"waits for a file, a pipe or the network: what the outside does cannot be enumerated",
	"makes a system call: what the outside does is not enumerated",
	"calls C code, which is not seen",
	"uses a sync.Pool that code uses, too, which is not the test's, such as init: what Get gives is sampled, not enumerated",
	"draws a random number that is sampled, not enumerated",
	"ranges over a map: its order is sampled, not enumerated",
	"reads the clock: with -time any it may show any later time, which is sampled, not enumerated; -time ideal has it exact",
	"counts or lists goroutines, which depends on when they start and end",
	"has a finalizer, a cleanup or a weak pointer: what it sees depends on when garbage is collected, which is not enumerated",
	"uses testing/synctest, whose bubbles are not modelled",
	"has a sync.Pool with more than 63 items",
	"ranges over a sync.Map while another goroutine changes it: what Range shows is sampled, not enumerated",
	"adds to a WaitGroup at zero while another goroutine may wait for it, which its documentation forbids",
	"goes round without synchronisation, or for too many steps",
	"reads statistics or a profile of the runtime, which depend on when memory is collected and how long things take",
	"asks for signals: when they come cannot be enumerated",
	"needs goroutines to run at the same moment",
	"works together with a goroutine that was started before it, by init, TestMain or an earlier test, and is not controlled",
	"takes another way when it runs for the first time in a process: what is made once, such as by a package's sync.Once, was proven only as it is afterwards; make it anew in the test",
	"waits in a loop: how many preemptions that takes cannot be said, so that -bound leaves out more than it says",
	"changes what a package variable leads to from one execution to the next, so that they do not begin alike: make it anew in the test",
	"is built without symbols, so that what its package variables keep from one execution to the next is not seen: leave out -ldflags -s",
	"has package variables that lead to more than a million objects or 64 MiB: whether one execution changes there what the next one sees is not known",
	"GOMAXPROCS as it is here",
	"as many processors as there are here",
	"the random numbers that package init or TestMain has drawn",
	"the time at which package init or TestMain has looked at the clock",
	"the order in which package init or TestMain has ranged over a map",
}

// parseLimit reads a limit as the driver writes it.
func parseLimit(text string) Limit {
	fields := strings.Split(text, "\t")
	var l Limit
	var what int
	fmt.Sscanf(fields[0], "%d %d", &l.Level, &what)
	l.code = what
	l.What = "met a limit that this fearless does not know"
	if what < len(limitTexts) {
		l.What = limitTexts[what]
	}
	if what == limitChanged {
		if len(fields) > 1 {
			l.global, _ = strconv.ParseInt(fields[1], 10, 64)
		}
		return l
	}
	l.frames = parseFrames(fields[1:])
	return l
}

// Limits by their place in limitTexts.
const (
	limitFirstTime = 25 // the first run in a process is not like the second
	limitChanged   = 27 // a package variable leads to something that has changed
	limitProcs     = 30 // given: see Proof.Bound
)

// place finds where in the code under test the limit was met.
func (l *Limit) place(x *exploration) {
	if l.global != 0 {
		if name := x.r.globals.name(l.global); name != "" {
			l.What, l.global = strings.Replace(l.What, "a package variable", "the package variable "+name, 1), 0
		}
	}
	for _, f := range l.frames {
		if x.origin.user(f.fn, f.file) {
			l.At = trace.Pos{File: f.file, Line: f.line, Func: f.fn}
			return
		}
	}
}

// String is one line: what was met, and where.
func (l Limit) String() string {
	if l.At.File == "" {
		return l.What
	}
	return l.What + " (at " + posText(l.At) + ")"
}
