package schedtest

import (
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/trace"
)

// A Kind is the word for what went wrong.
type Kind string

// What can go wrong.
const (
	TestFailure      Kind = "test failure"
	Panic            Kind = "panic"
	Deadlock         Kind = "deadlock"         // the test and every goroutine are blocked for good
	PartialDeadlock  Kind = "partial deadlock" // goroutines wait for locks for good, and the test has returned or others run on
	GoroutineLeak    Kind = "goroutine leak"   // goroutines are blocked for good, and the test has returned or others run on
	DataRace         Kind = "data race"        // reported by the race detector
	ConcurrentMap    Kind = "concurrent map access"
	SendOnClosed     Kind = "send on closed channel"
	DoubleClose      Kind = "close of closed channel"
	NegativeWait     Kind = "negative WaitGroup counter"
	UnlockOfUnlocked Kind = "unlock of unlocked mutex"
	Livelock         Kind = "livelock" // goroutines run in circles for hundreds of thousands of steps of a fair schedule
	LogAfterEnd      Kind = "log after test end"
	Exit             Kind = "exit" // the test ended the process
	Hang             Kind = "hang" // no scheduling point for long: a loop without synchronization; with rank ForOutside a wait for the outside
	BuildFailure     Kind = "build failure"
	SetupFailure     Kind = "setup failure" // init or TestMain did not get to the tests
)

// A Finding is one failure of one test.
type Finding struct {
	Kind       Kind          `json:"kind"`
	Message    string        `json:"message"`                   // one line
	Seed       string        `json:"seed"`                      // replays the shortest schedule found
	Original   string        `json:"original"`                  // replays the schedule that found it
	Replay     string        `json:"replay"`                    // the command line
	Schedule   uint64        `json:"schedule"`                  // how many schedules it took, from 1
	Switches   int           `json:"switches"`                  // forced context switches of Seed's schedule
	Choices    int           `json:"choices,omitempty"`         // of select and math/rand, that a depth-first search made
	Rank       Rank          `json:"rank,omitempty"`            // how much it weighs
	Late       time.Duration `json:"lateNanoseconds,omitempty"` // how long a goroutine that can run does not, while timers fire
	Exact      bool          `json:"exact"`                     // Seed failed the same way in a new process
	External   bool          `json:"external"`                  // the test waited for the outside, so replay is best effort
	Cycle      []uint32      `json:"cycle,omitempty"`           // ids of goroutines each of which waits for a lock that the next one holds
	Goroutines []Goroutine   `json:"goroutines"`                // those that are part of it
	Output     string        `json:"output,omitempty"`          // what the test and the process printed
	Trace      *trace.Trace  `json:"trace,omitempty"`
}

// A Goroutine is one that a finding names.
type Goroutine struct {
	ID       uint32            `json:"id"` // in the order of creation, the same in each replay
	Name     string            `json:"name,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`   // pprof labels
	State    string            `json:"state"`              // as in a traceback: "chan receive"
	At       trace.Pos         `json:"at"`                 // in the user's code
	Call     string            `json:"call,omitempty"`     // what stands there, as in the source: "s.Acquire"
	Object   string            `json:"object,omitempty"`   // the lock, channel or other object of the call: "s"
	Function string            `json:"function,omitempty"` // the library's function that is called there: "lock.Mutex.Lock"
	Library  trace.Pos         `json:"library,omitzero"`   // where it stands in the library that is called there
	HeldBy   []Holder          `json:"heldBy,omitempty"`   // who holds the lock that it waits for, as far as the schedule shows
	Behind   *Holder           `json:"behind,omitempty"`   // the writer that waits for the lock, too, and keeps later readers out
	LastUse  *Holder           `json:"lastUse,omitempty"`  // which other goroutine has last used the channel that it waits at
	Created  trace.Pos         `json:"created,omitzero"`
	Stack    []trace.Pos       `json:"stack"`
}

// A TestResult is what came of one test.
type TestResult struct {
	Package   string        `json:"package"`
	Test      string        `json:"test"`
	Verdict   Verdict       `json:"verdict"`
	Reason    string        `json:"reason,omitempty"` // of a verdict that is undecided or unsuitable
	Schedules uint64        `json:"schedules"`
	Proof     *Proof        `json:"proof,omitempty"`     // of [Prove], and of what //fearless:prove stands above
	MustProve bool          `json:"mustProve,omitempty"` // //fearless:prove stands above it: it fails the run unless it is proven
	Steps     uint64        `json:"steps"`
	Elapsed   time.Duration `json:"elapsedNanoseconds"`
	Complete  bool          `json:"complete,omitempty"` // every schedule within Bound was run
	Bound     string        `json:"bound,omitempty"`    // of a depth-first search: "at most 2 preemptions"
	External  bool          `json:"external,omitempty"` // waited for the outside
	Orders    *Orders       `json:"orders,omitempty"`   // of a test that passed: how much is left to see
	Skipped   bool          `json:"skipped,omitempty"`  // the test skipped itself in every schedule
	Replayed  int           `json:"replayed,omitempty"` // processes that failed as Finding says; of a replay only
	Notes     []string      `json:"notes,omitempty"`
	Finding   *Finding      `json:"finding,omitempty"`
	Aside     []*Finding    `json:"aside,omitempty"` // findings that do not fail the run: see Rank
}

// A Report is what came of a run, in the order of the packages and tests.
type Report struct {
	Go          string        `json:"go"`
	Race        bool          `json:"race"`
	Strategy    string        `json:"strategy"`
	Shards      []string      `json:"shards,omitempty"`
	shardsOf    int           // how many shards a merged run had
	Interrupted bool          `json:"interrupted,omitempty"`
	Elapsed     time.Duration `json:"elapsedNanoseconds"`
	LeftOut     bool          `json:"leftOut,omitempty"` // tests were not run after the first failure, as Options.FailFast says
	NoTests     []string      `json:"noTests,omitempty"` // packages without tests to run
	Coverage    []Coverage    `json:"coverage,omitempty"`
	blocks      blocks
	Results     []TestResult `json:"results"`
}

// Findings returns the results that have a finding.
func (r *Report) Findings() []TestResult {
	var out []TestResult
	for _, t := range r.Results {
		if t.Finding != nil {
			out = append(out, t)
		}
	}
	return out
}

// classify names a panic or fatal error by what the process printed last.
func classify(console string) (Kind, string) {
	first := ""
	for line := range strings.Lines(console) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			first = line // the last one counts: earlier ones may have been recovered and printed
		}
	}
	if first == "" {
		return "", ""
	}
	for _, c := range []struct {
		text string
		kind Kind
	}{
		{"send on closed channel", SendOnClosed},
		{"close of closed channel", DoubleClose},
		{"sync: negative WaitGroup counter", NegativeWait},
		{"sync: unlock of unlocked mutex", UnlockOfUnlocked},
		{"sync: Unlock of unlocked RWMutex", UnlockOfUnlocked},
		{"sync: RUnlock of unlocked RWMutex", UnlockOfUnlocked},
		{"fatal error: concurrent map", ConcurrentMap},
		{"panic: Log in goroutine after ", LogAfterEnd},
		{"panic: Fail in goroutine after ", LogAfterEnd},
	} {
		if strings.Contains(first, c.text) {
			return c.kind, first
		}
	}
	return Panic, first
}
