package schedtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// trouble is fearlessTrouble of _goroot/testing.
const trouble = "fearless: cannot do the job:"

// An outcome is how a process ended.
type outcome struct {
	word        string // of the driver: "pass", "fail", "deadlock", …; or "exit", "hang", "outside"
	index       uint64
	seed        Seed
	steps       uint64
	ran         uint64 // schedules in this process
	skips       uint64 // those in which the test skipped itself
	allSteps    uint64
	length      uint32
	external    bool
	needsSystem bool          // it says nothing: the network in memory is not what the program needs
	complete    bool          // the strategy has no more schedules, and left none out
	worn        bool          // the process asked for a fresh one
	over        bool          // the strategy has no more schedules
	after       bool          // all schedules passed, and then the process failed
	chances     uint64        // choices that there were in the last schedule
	forced      uint64        // loops that were interrupted in it
	behaved     []uint64      // what the schedules that passed did, in order
	far         uint64        // schedules that failed with goroutines later than is allowed
	earlyFires  uint64        // timers that fired in it while goroutines could run
	lateBy      time.Duration // how late goroutines were for that
	output      string
	said        string // what the test logged as it failed
	stacks      string
	left        []Goroutine // what blocked found in stacks
	console     string      // stdout and stderr, the end of it
	code        int
	goids       map[uint64]uint32
	asleep      string            // stacks of goroutines that a schedule left, waiting for a timer that is far ahead
	sleepers    map[uint64]uint32 // as goids
	events      []event
	path        string // DFS's
	names       []testName
	picks       string // of a failed execution of a proof
	strayed     bool   // the execution is not quite the one that the job's picks say
	proof       proofEnd
	limits      []Limit
	took        time.Duration // of the process
	asks        []string      // see inputs
}

// maxEvents is how many events a process records.
const maxEvents = 1 << 15

type testName struct{ kind, name string }

// An event is a scheduling point; see runtime.FearlessEvent.
type event struct {
	id      uint32
	op      strategy.Op
	deviate bool
	pick    uint32
	last    uint32
	done    uint32
	blocked bool
	addr    uint64 // of what is done to; 0 if there is none
	races   uint32 // reports of the race detector so far, in this process
	frames  []frame
}

type frame struct {
	fn   string
	file string
	line int
}

// failed reports whether o is neither a pass nor a schedule that was given up.
func (o *outcome) failed() bool { return o.word != "pass" && o.word != "long" }

func readOutcome(text []byte) (*outcome, error) {
	o := &outcome{goids: map[uint64]uint32{}, sleepers: map[uint64]uint32{}}
	in := bufio.NewReader(bytes.NewReader(text))
	for {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return o, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read a result: %w", err)
		}
		key, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		over := 0
		switch key {
		case "name":
			kind, name, _ := strings.Cut(rest, " ")
			o.names = append(o.names, testName{kind, name})
		case "result":
			var kind, depth, length uint32
			fmt.Sscanf(rest, "%s %d %d %d %v %d %d %d %d %t", &o.word, &o.index, &kind, &depth, &o.seed.Value, &length, &o.steps, &o.ran, &o.allSteps, &o.external)
			o.seed.Kind, o.seed.Depth, o.seed.Length = strategy.Kind(kind), depth, length
		case "behaved":
			for text := range strings.FieldsSeq(rest) {
				if n, err := strconv.ParseUint(text, 16, 64); err == nil {
					o.behaved = append(o.behaved, n)
				}
			}
		case "late":
			fmt.Sscanf(rest, "%d %d %d", &o.earlyFires, &o.lateBy, &o.forced)
		case "said":
			o.said, _ = strconv.Unquote(rest)
		case "output":
			o.output, _ = strconv.Unquote(rest)
		case "stacks":
			o.stacks, _ = strconv.Unquote(rest)
		case "left":
			o.asleep, _ = strconv.Unquote(rest)
		case "leaves":
			var id uint32
			var goid uint64
			fmt.Sscanf(rest, "%d %d", &id, &goid)
			o.sleepers[goid] = id
		case "goroutine":
			var id uint32
			var goid uint64
			fmt.Sscanf(rest, "%d %d", &id, &goid)
			o.goids[goid] = id
		case "path":
			o.path = rest
		case "picks":
			o.picks = rest
		case "strayed":
			o.strayed = true
		case "proof":
			o.proof.how = rest
		case "spent":
			n, _ := strconv.ParseInt(rest, 10, 64)
			o.proof.spent = time.Duration(n)
		case "names":
			o.proof.names = parseNames(rest)
		case "piece":
			o.proof.pieces = append(o.proof.pieces, parseExplored(rest))
		case "asks":
			if name, err := strconv.Unquote(rest); err == nil {
				o.asks = append(o.asks, name)
			}
		case "limit":
			o.limits = append(o.limits, parseLimit(rest))
		case "event":
			o.events = append(o.events, parseEvent(rest))
		case "worn":
			o.worn, o.word = true, "pass"
			fmt.Sscanf(rest, "%d %d %d %d %d %t %d %d %d %d", &o.ran, &o.allSteps, &o.index, &o.length, &over, &o.external, &o.skips, &o.chances, &o.forced, &o.far)
		case "end":
			var index uint64
			fmt.Sscanf(rest, "%d %d %d %d %d %t %d %d %d %d", &o.ran, &o.allSteps, &index, &o.length, &over, &o.external, &o.skips, &o.chances, &o.forced, &o.far)
			o.complete, o.over = over == 1, over != 0
			if o.word == "" {
				o.word = "pass"
			}
		}
	}
}

func parseEvent(text string) event {
	fields := strings.Split(text, "\t")
	var e event
	var op int
	fmt.Sscanf(fields[0], "%d %d %t %d %d %d %d %d", &e.id, &op, &e.deviate, &e.pick, &e.last, &e.done, &e.addr, &e.races)
	e.op = strategy.Op(op)
	e.blocked = e.op == strategy.OpNone && e.addr == 1
	e.frames = parseFrames(fields[1:])
	return e
}

// parseFrames reads pairs of a function's name and a place in a file.
func parseFrames(fields []string) (list []frame) {
	for f := fields; len(f) >= 2; f = f[2:] {
		file, line, _ := cutLast(f[1], ":")
		n, _ := strconv.Atoi(line)
		list = append(list, frame{f[0], file, n})
	}
	return list
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
