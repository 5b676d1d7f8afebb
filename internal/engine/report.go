package engine

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

// A recorder notes where in the source each step of an execution stands. That
// is slow, so an execution is recorded when it has failed, by running it again.
type recorder struct {
	of     FailureKind
	waits  map[int32]trace.Pos // where a thread waits
	inside map[place]bool      // the step is one of a lock or of something else that the library offers
	named  map[string]int      // how many objects have got the name
}

// name names an object as the source does where c calls. A second object that
// the source calls the same gets a number, unless it may be a part of the first.
func (r *recorder) name(c call) string {
	name := c.object()
	switch {
	case name == "", name == ownToken, c.inside && !strings.HasPrefix(c.api, "lock.(*Mutex["):
		return name
	}
	if r.named[name]++; r.named[name] > 1 {
		return fmt.Sprintf("%s#%d", name, r.named[name])
	}
	return name
}

func (r *recorder) note(t *Thread) {
	x := t.x
	c := calledFrom()
	n := x.g.thr[t.id].cur - 1
	x.places[place{t.id, n}], r.inside[place{t.id, n}] = c.at, c.inside
	if e := &x.g.ev[x.g.thr[t.id].ev[n]]; e.loc >= 0 {
		if n > 0 && e.kind == kWrite && e.has(fUpdate) {
			x.places[place{t.id, n - 1}], r.inside[place{t.id, n - 1}] = c.at, c.inside
		}
		if l := &x.g.loc[e.loc]; l.name == "" {
			l.name = r.name(c)
		}
	}
}

// noteWait notes that the thread may wait for ever where it stands.
func (t *Thread) noteWait() {
	if r := t.e.recording; r != nil {
		c := calledFrom()
		r.waits[t.id] = c.at
		if l := &t.x.g.loc[t.wait.loc]; t.wait.cond != OpNone && l.name == "" {
			l.name = r.name(c)
		}
	}
}

const module = "github.com/fearless-go/fearless/"

// library holds the packages of this module that a modelled program is written
// with; their frames are not where its operations stand.
var library = [...]string{"atomic.", "thread.", "lock.", "arc.", "rc.", "cell.", "internal/", "model."}

// ground holds the packages whose operations are those that the user wrote.
var ground = [...]string{"atomic.", "internal/word.", "internal/engine."}

// callSite is the innermost place outside the library that called.
func callSite() trace.Pos { return calledFrom().at }

// A call is where the program calls the library.
type call struct {
	at     trace.Pos
	api    string // the function of the library, as in lock.(*Mutex[...]).Lock
	inside bool   // the library does there more than the operation that the program names
}

const ownToken = "its token"

// object is what the call is about, as the source names it, or "" if that does not tell.
func (c call) object() string {
	name := receiver(c.at)
	if name == "" && strings.HasPrefix(c.api, "thread.Park") {
		return ownToken
	}
	return name
}

func calledFrom() (c call) {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Function == "" || f.Function == module+"internal/engine.(*Thread).run" {
			return c // what is below may be another thread
		}
		c.at = trace.Pos{File: f.File, Line: f.Line, Func: f.Function}
		if !inLibrary(f.Function) || strings.HasSuffix(f.File, "_test.go") || !more {
			return c
		}
		c.api = strings.TrimPrefix(f.Function, module)
		c.inside = c.inside || !of(f.Function, ground[:])
	}
}

func inLibrary(function string) bool {
	return of(function, library[:]) || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "iter.")
}

// of reports whether the function is of one of those packages of this module.
func of(function string, packages []string) bool {
	rest, ok := strings.CutPrefix(function, module)
	return ok && slices.ContainsFunc(packages, func(p string) bool { return strings.HasPrefix(rest, p) })
}

// receiver is the variable whose method is called on that line, as the source
// has it, or "" if the source does not tell.
func receiver(pos trace.Pos) string {
	src, err := os.ReadFile(pos.File)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(src), "\n")
	if pos.Line < 1 || pos.Line > len(lines) {
		return ""
	}
	line := lines[pos.Line-1]
	for _, m := range methods {
		i := strings.Index(line, "."+m+"(")
		if i < 0 {
			continue
		}
		j := i
		depth := 0
		for j > 0 {
			c := line[j-1]
			switch {
			case c == ']' || c == ')':
				depth++
			case (c == '[' || c == '(') && depth > 0:
				depth--
			case depth > 0 || c == '.' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			default:
				return line[j:i]
			}
			j--
		}
		return line[j:i]
	}
	return ""
}

// methods are what the library's types are used by.
var methods = [...]string{
	"WithMut", "With", "Load", "Store", "Swap", "CompareExchangeWeak", "CompareExchange", "FetchAdd", "FetchSub", "FetchAnd",
	"FetchOr", "FetchXor", "FetchNand", "FetchMax", "FetchMin", "FetchUpdate", "Lock", "LockResult", "TryLock", "Unlock", "Wait",
	"WaitWhile", "NotifyOne", "NotifyAll", "Read", "Write", "Join", "Get", "Set", "Do", "Drop", "Clone", "Unpark",
}

func short(p trace.Pos) string {
	if p.File == "" {
		return "an unknown place"
	}
	return fmt.Sprintf("%s:%d", p.File[strings.LastIndexByte(p.File, '/')+1:], p.Line)
}

// raced reports a race between an earlier access and the one of t now.
func (e *Engine) raced(t *Thread, c *cellState, was, now *accessAt, wrote, writes bool) {
	verb := func(w bool) string {
		if w {
			return "written"
		}
		return "read"
	}
	name := c.name
	if name == "" {
		name = "a plain variable"
	}
	msg := fmt.Sprintf("data race on %s: %s by %s at %s, %s by %s at %s", name,
		verb(wrote), e.x.threadName(was.thr), short(was.pos), verb(writes), e.x.threadName(t.id), short(now.pos))
	e.x.fail(DataRace, "%s%s", msg, e.advice(was, t.id))
	t.leave()
}

// panicked reports a panic that no thread function caught.
func (e *Engine) panicked(t *Thread, v any) {
	if f, ok := v.(*Failure); ok {
		if e.x.failure == nil {
			e.x.failure = f
		}
		return
	}
	if e.ending {
		return // a deferred function, when the engine ended the thread
	}
	e.x.fail(Panicked, "%s panicked: %v", e.x.threadName(t.id), v)
	e.cause = v
}

// Panicked notes that the thread ended by a panic that its handle remembers.
func (t *Thread) Panicked(value any, location string) {
	t.panicked = true
	t.panic = fmt.Sprintf("%s panicked at %s: %v, and nobody joined it", t.x.threadName(t.id), location, value)
	t.cause = value
}

// SetName gives the thread a name for reports.
func (t *Thread) SetName(name string) {
	if name != "" || int(t.id) < len(t.x.names) {
		t.rename(name)
	}
}

func (t *Thread) rename(name string) {
	x := t.x
	for len(x.names) <= int(t.id) {
		x.names = append(x.names, "")
	}
	x.names[t.id] = ""
	if name != "" {
		x.names[t.id] = fmt.Sprintf("thread %d %q", t.id, name)
	}
}

// Number is the thread's number, as package thread shows it.
func (t *Thread) Number() uint64 { return uint64(t.id) + 1 }

// Unsupported ends the exploration because the program uses what the model lacks.
func (t *Thread) Unsupported(what string) { t.Fail(Unsupported, "%s", what) }

// exited is called when runtime.Goexit ended a thread.
func (e *Engine) exited(t *Thread) {
	if t.id == 0 {
		e.x.fail(Panicked, "the main function of the model called runtime.Goexit, as testing's FailNow, Fatal and Skip do: use model.Assert")
	}
}

// finish looks at how a run ended: complete, or blocked, or failed.
func (e *Engine) finish() (complete bool) {
	if e.x.dead || e.x.failure != nil {
		return false
	}
	complete, stale := true, false
	beforeLimit, outOfOrder := false, false
	unjoined := false
	for _, t := range e.threads {
		switch t.state {
		case over:
			if ev := e.x.replayed(t.id); ev != nil {
				e.x.fail(Nondeterministic, "%s ends where it did %s before in the same execution: the program depends on something that the model does not control",
					e.x.threadName(t.id), e.x.describe(ev))
				return false
			}
			unjoined = unjoined || t.id > 0 && !t.joined
			continue
		case idle:
			continue
		case stuck:
			complete = false
			stale = stale || e.x.latestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected)
		case exhausted:
			complete = false
			stale = stale || e.x.readsStale(t.id)
		case discarded:
			complete, stale = false, true
		case limited:
			complete = false
			beforeLimit = true
			stale = stale || e.unmet(t)
		case delayed, behind:
			complete = false
			outOfOrder = true
		default:
			complete = false
		}
	}
	// Who waits for the thread that waits for its limit cannot reach that.
	stale = stale || beforeLimit && outOfOrder
	switch {
	case !complete && !stale:
		e.deadlocked()
	case complete && unjoined:
		for _, t := range e.threads[1:] {
			if t.state != over || t.joined {
				continue
			}
			if t.panicked && !t.scoped {
				e.cause = t.cause
				e.x.fail(Panicked, "%s", t.panic)
			} else if !t.scoped && !t.panicked {
				e.x.fail(Leak, "%s was never joined: join it, or start it in a thread.Scope", e.x.threadName(t.id))
			}
		}
	}
	if complete && e.x.failure == nil {
		e.leaks()
	}
	return complete
}

// readsStale reports whether a load of the busy loop in which t stands could
// still read a newer value: then the execution is unfair, and not stuck.
func (x *explorer) readsStale(t int32) bool {
	log := x.g.thr[t].ev
	for i := len(log) - 1; i >= 0 && x.g.harmless(log[i]); i-- {
		e := &x.g.ev[log[i]]
		if l := &x.g.loc[e.loc]; x.g.posOf(e) != int32(len(l.co))-1 {
			return true
		}
	}
	return false
}

func (e *Engine) deadlocked() {
	var b strings.Builder
	b.WriteString("no thread can go on")
	for _, t := range e.threads {
		if t.state == over || t.state == idle {
			continue
		}
		at := "an unknown place"
		if e.recording != nil {
			at = short(e.recording.waits[t.id])
		}
		switch t.state {
		case exhausted, spinning:
			fmt.Fprintf(&b, "; %s goes round in a busy loop at %s", e.x.threadName(t.id), at)
		default:
			fmt.Fprintf(&b, "; %s waits for %s at %s%s", e.x.threadName(t.id), e.x.awaited(t.wait.loc), at, e.holder(t))
		}
	}
	e.x.fail(Deadlock, "%s", b.String())
}
