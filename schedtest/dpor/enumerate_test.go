package dpor_test

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/fearless-go/fearless/schedtest/dpor"
)

// An enumeration is the slow twin of Dpor: it tries every thread in every state.
// Two prefixes of one class are tried once, but it checks that they lead to the
// same state, which is what the table of what depends on what promises.
type enumeration struct {
	fault    string
	seen     map[string]string // class of a prefix: the machine's state
	outcomes map[string]int    // of whole executions: classes
	final    map[string]string // class of a whole execution: its outcome
	classes  int
	limit    int
}

type twinEvent struct {
	thread  uint32
	variant uint8
	acts    []DporAccess
	before  map[int]bool // indices of the events that happen before
	woke    []int
	num     map[uint64]int // of the item sent or received
}

// dependent is the table, written down a second time.
func dependent(a, b *twinEvent) bool {
	for _, x := range a.acts {
		for _, y := range b.acts {
			if x.Object != y.Object {
				continue
			}
			pair := [2]DporMode{x.Mode, y.Mode}
			switch pair {
			case [2]DporMode{DporRead, DporRead},
				[2]DporMode{DporAdd, DporAdd}, [2]DporMode{DporAdd, DporSub},
				[2]DporMode{DporSub, DporAdd}, [2]DporMode{DporSub, DporSub}:
			case [2]DporMode{DporSend, DporRecv}:
				if a.num[x.Object] == b.num[x.Object] {
					return true
				}
			case [2]DporMode{DporRecv, DporSend}:
				if b.num[x.Object] == a.num[x.Object]+int(y.Cap) {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

func enumerate(p program, limit int) *enumeration {
	e := &enumeration{seen: map[string]string{}, outcomes: map[string]int{}, final: map[string]string{}, limit: limit}
	e.visit(newMachine(p), nil)
	return e
}

func (e *enumeration) full() bool { return e.fault != "" || len(e.seen) > e.limit }

func (e *enumeration) visit(m *machine, trace []twinEvent) {
	if e.full() {
		return
	}
	key := class(trace)
	state := m.state()
	if old, ok := e.seen[key]; ok {
		if old != state {
			e.fault = fmt.Sprintf("two orders of one class lead to different states:\n%s\n%s", old, state)
		}
		return
	}
	e.seen[key] = state
	any := false
	for _, p := range m.pending() {
		if !p.Enabled {
			continue
		}
		any = true
		set := p.Variants
		if set == 0 {
			set = 1
		}
		for v := uint8(0); v < 64; v++ {
			if set>>v&1 == 0 {
				continue
			}
			c := m.clone()
			acts, woke := c.step(p.Thread, v)
			ev := twinEvent{thread: p.Thread, variant: v, acts: acts, woke: woke}
			e.visit(c, place(trace, ev))
		}
	}
	if !any {
		e.classes++
		e.final[key] = m.outcome()
		e.outcomes[m.outcome()]++
	}
}

// place adds an event to a trace with what happens before it.
func place(trace []twinEvent, ev twinEvent) []twinEvent {
	ev.before = map[int]bool{}
	ev.num = map[uint64]int{}
	for _, a := range ev.acts {
		if a.Mode == DporSend || a.Mode == DporRecv {
			n := 1
			for i := range trace {
				for _, b := range trace[i].acts {
					if b.Object == a.Object && b.Mode == a.Mode {
						n++
					}
				}
			}
			ev.num[a.Object] = n
		}
	}
	for i := range trace {
		f := &trace[i]
		if f.thread == ev.thread || slices.Contains(f.woke, int(ev.thread)-1) || dependent(f, &ev) {
			ev.before[i] = true
			for k := range f.before {
				ev.before[k] = true
			}
		}
	}
	return append(slices.Clone(trace), ev)
}

// class names the class of a trace: each thread's events, with the numbers of
// the events of other threads that happen before them.
func class(trace []twinEvent) string {
	number := make([]int, len(trace))
	count := map[uint32]int{}
	lines := map[uint32][]string{}
	for i := range trace {
		ev := &trace[i]
		count[ev.thread]++
		number[i] = count[ev.thread]
		past := map[uint32]int{}
		for k := range ev.before {
			past[trace[k].thread] = max(past[trace[k].thread], number[k])
		}
		lines[ev.thread] = append(lines[ev.thread], fmt.Sprint(ev.variant, past))
	}
	var b strings.Builder
	for th := uint32(0); th < 9; th++ {
		fmt.Fprintln(&b, lines[th])
	}
	return b.String()
}

// negative reports whether some execution makes a counter negative.
func (e *enumeration) negative() bool { return negative(e.outcomes) }

// negative reports whether one of the outcomes is a negative counter.
func negative(outcomes map[string]int) bool {
	for o := range outcomes {
		if strings.Contains(o, "negative counter") {
			return true
		}
	}
	return false
}
