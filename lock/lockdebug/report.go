package lockdebug

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/watch"
)

// Enable begins to note who locks and who waits. It reports false in a build
// that cannot, which is that of the model checker.
func Enable() bool { return watch.Enable() }

// Disable ends that and forgets everything.
func Disable() { watch.Disable() }

// A Report is what was known at one moment.
type Report struct {
	At        time.Time  `json:"at"`
	Since     time.Time  `json:"since"` // when it was turned on; the zero Time if it is off
	Deadlocks []Deadlock `json:"deadlocks"`
	Waits     []Wait     `json:"waits"` // the longest first
	Locks     []Lock     `json:"locks"` // those that are held
	Lines     []Line     `json:"lines"` // the busiest first
}

// A Lock is one that somebody holds.
type Lock struct {
	Name    string   `json:"name"` // its type and address
	Holders []Holder `json:"holders"`
	Waiters int      `json:"waiters"`
}

// A Holder is a goroutine that has a lock.
type Holder struct {
	Goroutine uint64        `json:"goroutine"` // its number in a traceback
	Thread    string        `json:"thread,omitempty"`
	Labels    Labels        `json:"labels,omitempty"`
	As        string        `json:"as"` // "alone", or of an RWLock "writer", "reader" or "upgradable reader"
	For       time.Duration `json:"for"`
	At        string        `json:"at"` // file:line of the call that locked
}

// A Wait is a goroutine that waits.
type Wait struct {
	Goroutine uint64        `json:"goroutine"`
	Thread    string        `json:"thread,omitempty"`
	Labels    Labels        `json:"labels,omitempty"`
	On        string        `json:"on"` // such as "Mutex 0xc000012345" or "the end of goroutine 7"
	As        string        `json:"as,omitempty"`
	For       time.Duration `json:"for"`
	At        string        `json:"at"`
	Limited   bool          `json:"limited"`      // it has a duration or a context, and ends by itself
	By        []uint64      `json:"by,omitempty"` // the goroutines that could end it, as far as they are known
}

// A Line is a line of the program, with how many there hold or wait.
type Line struct {
	At    string `json:"at"`
	Holds int    `json:"holds"`
	Waits int    `json:"waits"`
}

// A Deadlock is goroutines that wait for each other: each for the next, and the
// last for the first.
type Deadlock struct {
	Cycle []Wait `json:"cycle"`
	// Certain is whether nobody else can end it. Otherwise a Condvar or a Park is
	// part of it, which a goroutine may end that has not done so before.
	Certain bool `json:"certain"`
	// Limited is whether a duration or a context will end it.
	Limited bool `json:"limited"`
	Behind  int  `json:"behind"` // how many more wait for those in the cycle, directly or not
}

// String describes the deadlock in some lines.
func (d Deadlock) String() string {
	var b strings.Builder
	switch {
	case d.Limited && !d.Certain:
		fmt.Fprintf(&b, "%d goroutines wait for each other, until a duration or a context ends it, or one notifies that has not done so before", len(d.Cycle))
	case d.Limited:
		fmt.Fprintf(&b, "%d goroutines wait for each other, until a duration or a context ends it", len(d.Cycle))
	case d.Certain:
		fmt.Fprintf(&b, "deadlock of %d goroutines", len(d.Cycle))
	default:
		fmt.Fprintf(&b, "deadlock of %d goroutines, unless one notifies that has not done so before", len(d.Cycle))
	}
	if d.Behind > 0 {
		fmt.Fprintf(&b, ", and %d more behind them", d.Behind)
	}
	b.WriteString(":\n")
	for i, w := range d.Cycle {
		next := d.Cycle[(i+1)%len(d.Cycle)]
		fmt.Fprintf(&b, "  %s waits for %s at %s, for %s\n", who(w.Goroutine, w.Thread, w.Labels), w.On, w.At, who(next.Goroutine, next.Thread, nil))
	}
	return b.String()
}

func who(goroutine uint64, thread string, labels Labels) string {
	name := fmt.Sprintf("goroutine %d", goroutine)
	if thread != "" {
		name += " (" + thread + ")"
	}
	if len(labels) > 0 {
		name += " " + labels.String()
	}
	return name
}

// Snapshot returns what is known now.
func Snapshot() Report {
	s := watch.Now()
	r := Report{At: s.At, Since: s.Began, Waits: []Wait{}, Locks: []Lock{}, Lines: []Line{}} // no null in JSON
	a := analyse(s)
	lines := map[string]*Line{}
	line := func(at string) *Line {
		if lines[at] == nil {
			lines[at] = &Line{At: at}
		}
		return lines[at]
	}
	waiters := map[watch.Object]int{}
	for _, w := range s.Waits {
		waiters[w.For]++
		told := a.tell(w)
		line(told.At).Waits++
		r.Waits = append(r.Waits, told)
	}
	at := map[watch.Object]int{}
	for _, h := range s.Holds {
		if h.Of.Kind == watch.Scope {
			continue
		}
		i, ok := at[h.Of]
		if !ok {
			i = len(r.Locks)
			at[h.Of] = i
			r.Locks = append(r.Locks, Lock{Name: name(h.Of), Waiters: waiters[h.Of]})
		}
		held := Holder{h.Goroutine, h.Thread, h.Labels, asName(h.Of, h.As), s.At.Sub(h.Since), place(h.By)}
		line(held.At).Holds++
		r.Locks[i].Holders = append(r.Locks[i].Holders, held)
	}
	for _, l := range lines {
		r.Lines = append(r.Lines, *l)
	}
	r.Deadlocks = a.deadlocks()
	slices.SortFunc(r.Waits, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(b.For, a.For), cmp.Compare(a.Goroutine, b.Goroutine))
	})
	slices.SortFunc(r.Locks, func(a, b Lock) int {
		return cmp.Or(cmp.Compare(b.Waiters, a.Waiters), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(r.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Waits, a.Waits), cmp.Compare(b.Holds, a.Holds), cmp.Compare(a.At, b.At))
	})
	return r
}

// asName is how somebody holds an object, or waits for it.
func asName(of watch.Object, as watch.As) string {
	if of.Kind == watch.RWLock && as == watch.Alone {
		return "writer"
	}
	return asNames[as]
}

var asNames = [...]string{watch.Alone: "alone", watch.Reader: "reader", watch.Upgradable: "upgradable reader", watch.Upgrade: "upgrade", watch.Any: ""}

func name(o watch.Object) string {
	switch o.Kind {
	case watch.Join:
		return fmt.Sprintf("the end of goroutine %d", o.At)
	case watch.Scope:
		return "the threads of a Scope or JoinSet"
	case watch.Park:
		return "Unpark"
	}
	kinds := [...]string{watch.Mutex: "Mutex", watch.RWLock: "RWLock", watch.Once: "Once", watch.Condvar: "Condvar", watch.Barrier: "Barrier"}
	return fmt.Sprintf("%s %#x", kinds[o.Kind], o.At)
}

const module = "github.com/fearless-go/fearless/"

// place returns file:line of the innermost call that is not the library's.
func place(b watch.By) string {
	frames := runtime.CallersFrames(b.Calls[:slices.Index(append(b.Calls[:], 0), 0)])
	for {
		f, more := frames.Next()
		pkg, own := strings.CutPrefix(f.Function, module)
		own = own && (strings.HasPrefix(pkg, "lock.") || strings.HasPrefix(pkg, "thread.") || strings.HasPrefix(pkg, "internal/"))
		if !own || !more {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
	}
}
