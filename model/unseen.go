package model

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/beyond"
	"github.com/fearless-go/fearless/internal/engine"
)

// An Unseen is something that a checked function does, or may do, and that the
// exploration knows nothing of. What it leaves open is said by String.
type Unseen struct {
	Kind UnseenKind `json:"kind"`
	// What is what the source does there, such as "sync.Mutex.Lock" or "send",
	// or what is known of it.
	What []string `json:"what,omitempty"`
	// Places are file:line, as many as there are in What, in the same order.
	Places []string `json:"places,omitempty"`
}

// UnseenKind says what the model does not see.
type UnseenKind string

const (
	// SyncPackage is operations of package sync. Nobody else's turn comes
	// between them, and they order nothing for the model.
	SyncPackage = UnseenKind(beyond.Sync)
	// AtomicPackage is operations of package sync/atomic. They are no steps.
	AtomicPackage = UnseenKind(beyond.Atomic)
	// GoStatement is goroutines that the model does not run.
	GoStatement = UnseenKind(beyond.Go)
	// Channel is sends, receives, selects and closes.
	Channel = UnseenKind(beyond.Channel)
	// RawPointer is calls of cell.UnsafeCell.Get: what is done with the pointer
	// is not checked for data races.
	RawPointer UnseenKind = "raw pointer"
	// Leftover is package variables that the function writes and reads, and does not
	// begin with: what one execution leaves in them the next one finds.
	Leftover = UnseenKind(beyond.Leftover)
	// OneExecution is two threads or more, and one execution: nothing that they
	// do could be ordered in another way.
	OneExecution UnseenKind = "one execution"
	// LoopRounds is busy loops without SpinLoop, or with it and CountedLoops, that may
	// keep something of their rounds. Two rounds that are alike are explored, and no
	// more: what such a loop counts is not known.
	LoopRounds UnseenKind = "loop rounds"
	// LoopState is busy loops with SpinLoop or YieldNow that may keep something of
	// their rounds, as that they had to wait, or how often. What
	// the rounds of such a loop lead to is not explored; CountedLoops explores the first ones.
	LoopState UnseenKind = "loop state"
	// LoopCut is loops that Unroll has cut.
	LoopCut UnseenKind = "loop cut"
	// Source is that the source of the function could not be read, so whether
	// it uses sync, sync/atomic, go or channels is not known.
	Source UnseenKind = "source"
)

// leavesOut reports whether there may be executions that were not explored.
func (k UnseenKind) leavesOut() bool {
	switch k {
	case SyncPackage, AtomicPackage, GoStatement, Channel:
		return true
	}
	return false
}

// undecides reports whether the exploration is not exhaustive for it.
func (k UnseenKind) undecides() bool {
	return k == LoopRounds || k == LoopState || k == LoopCut || k.leavesOut()
}

// String is a sentence without its end: what, where, and what follows from it.
func (u Unseen) String() string {
	switch u.Kind {
	case SyncPackage:
		return u.list("package sync") + ": other orders are not explored, and it orders nothing for the model"
	case AtomicPackage:
		return u.list("package sync/atomic") + ": no other thread comes between its operations, and no other value is read"
	case GoStatement:
		return u.list("goroutines of no model") + ": when they run is left to chance"
	case Channel:
		return u.list("channels") + ": other orders are not explored, and they order nothing for the model"
	case RawPointer:
		return u.list("the pointer of cell.UnsafeCell.Get") + ": its accesses are not checked for data races; those in With and WithMut are"
	}
	if u.Kind == Leftover {
		return u.list("what an execution leaves to the next one") + ": other values are not explored; let the function begin by setting it, or keep it in the function"
	}
	if u.Kind == LoopCut {
		return u.list("undecided, for loops were cut") + ": model.Unroll allows no more rounds, and what would follow is not explored"
	}
	if u.Kind == LoopState {
		return u.list("busy loops that may keep something of their rounds") + ": that they wait first, and go on then, is not explored; model.CountedLoops explores their first rounds"
	}
	if u.Kind == LoopRounds {
		return u.list("busy loops that may count their rounds") + ": after two that are alike they wait, and more are not explored; let the loop keep nothing, or make what it keeps an atomic"
	}
	return strings.Join(u.What, ", ")
}

// most is how many places a sentence names.
const most = 4

func (u Unseen) list(what string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (", what)
	for i, at := range u.Places {
		if i == most {
			fmt.Fprintf(&b, ", and %d more", len(u.Places)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		if u.Kind != GoStatement && u.Kind != RawPointer {
			b.WriteString(u.What[i] + " at ")
		}
		b.WriteString(at)
	}
	b.WriteByte(')')
	return b.String()
}

// finder reads the source of the package under test, whose folder a test begins in.
var finder = func() *beyond.Finder {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // go list says what is wrong with it
	}
	return &beyond.Finder{Dir: dir}
}()

// unseen is what the exploration of f, whose report is r, knows nothing of.
func unseen(f func(), r *Report, seen *engine.Seen, stack []uintptr) []Unseen {
	var list []Unseen
	uses, err := finder.Find(reflect.ValueOf(f).Pointer(), stack)
	if source := (*beyond.SourceError)(nil); errors.As(err, &source) {
		list = append(list, Unseen{Kind: Source, What: []string{fmt.Sprintf("%v: whether it uses sync, sync/atomic, go or channels is not known", source)}})
	}
	for _, u := range uses {
		list = note(list, UnseenKind(u.Kind), u.What, fmt.Sprintf("%s:%d", filepath.Base(u.File), u.Line))
	}
	for _, pc := range seen.Raw {
		frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		list = note(list, RawPointer, "cell.UnsafeCell.Get", fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line))
	}
	list = append(list, loops(seen)...)
	for _, at := range seen.Cuts {
		list = noteOnce(list, LoopCut, "a loop", at)
	}
	if r.Exhaustive && r.Executions == 1 && seen.Threads > 1 {
		what := "what the model sees of them can come in one order only"
		if !seen.Shared {
			what = "no two of them use an atomic, a lock or another object of this library together, so there was nothing to order"
		}
		list = append(list, Unseen{Kind: OneExecution, What: []string{fmt.Sprintf("%d threads and one execution: %s", seen.Threads, what)}})
	}
	return list
}

// note adds a place to what is known of its kind.
func note(list []Unseen, kind UnseenKind, what, place string) []Unseen {
	if n := len(list); n == 0 || list[n-1].Kind != kind {
		list = append(list, Unseen{Kind: kind})
	}
	u := &list[len(list)-1]
	u.What, u.Places = append(u.What, what), append(u.Places, place)
	return list
}

// tellUnseen is the lines that say what is not seen, and what helps.
func tellUnseen(list []Unseen) string {
	var b strings.Builder
	prove := false
	for _, u := range list {
		fmt.Fprintf(&b, "\nnot seen by the model: %v", u)
		prove = prove || u.Kind.leavesOut()
	}
	if prove {
		b.WriteString("\n\"fearless prove\" runs every schedule of a test that uses sync, sync/atomic, channels or go")
	}
	return b.String()
}

// loops is the busy loops that may keep something of their rounds, those without
// SpinLoop first.
func loops(seen *engine.Seen) []Unseen {
	var rounds, states []Unseen
	for _, w := range seen.Waits {
		k, err := finder.Keeps(w)
		what, place := "", "an unknown place"
		switch {
		case err != nil:
			what = err.Error()
		case k == nil:
			continue
		default:
			what, place = k.What, fmt.Sprintf("%s:%d", filepath.Base(k.File), k.Line)
		}
		if len(w) > 0 && len(w[0]) > 0 {
			states = noteOnce(states, LoopState, what, place)
		} else {
			rounds = noteOnce(rounds, LoopRounds, what, place)
		}
	}
	if seen.Several && seen.Frees {
		states = noteOnce(states, LoopState, "one that uses several objects may use one that is given back", "an unknown place")
	}
	if seen.MoreWaits {
		states = noteOnce(states, LoopState, "there are more than are looked at", "an unknown place")
	}
	return append(rounds, states...)
}

// noteOnce is note, but names each place of a kind once.
func noteOnce(list []Unseen, kind UnseenKind, what, place string) []Unseen {
	if n := len(list); n > 0 && list[n-1].Kind == kind && slices.Contains(list[n-1].Places, place) {
		return list
	}
	return note(list, kind, what, place)
}
