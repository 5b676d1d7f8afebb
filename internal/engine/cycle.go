package engine

import (
	"fmt"
	"strings"
)

// How a cycle is looked for near the end of a thread of a long execution: its longest
// length, in events, and how often it has to have come.
const (
	longestCycle = 32
	cycleTimes   = 8
)

// cycles says which threads of an execution that has reached its limit have done the
// same steps over and over; "" if none has. It is no proof of a livelock: that a
// scheduler can end it under no choice is not known.
func (x *explorer) cycles() string {
	var list []string
	for t := range x.g.thr {
		log := x.g.thr[t].ev
		from, n := x.g.cycleIn(log)
		if n == 0 {
			continue
		}
		var steps []string
		for _, id := range log[from : from+n] {
			if e := &x.g.ev[id]; e.kind != kWrite || !e.has(fUpdate) { // that is told with its read part
				s := x.step(id)
				steps = append(steps, fmt.Sprintf("%s at %s", s.Op, short(s.Pos)))
			}
		}
		list = append(list, fmt.Sprintf("%s goes round in %s", x.threadName(int32(t)), strings.Join(steps, ", ")))
	}
	if len(list) == 0 {
		return ""
	}
	return "; " + strings.Join(list, "; ") + ": if no thread ends that it is a livelock"
}

// cycleIn is where in the events of a thread, near their end, the same n events begin
// for the last time of several in a row; n is 0 if there are none.
func (g *graph) cycleIn(log []int32) (from, n int) {
	for end := len(log); end > 0 && end > len(log)-2*longestCycle; end-- {
		for n := 1; n <= longestCycle && n*cycleTimes <= end; n++ {
			if g.repeats(log[end-n*cycleTimes:end], n) {
				return end - n, n
			}
		}
	}
	return 0, 0
}

// repeats reports whether the events are the same n over and over.
func (g *graph) repeats(log []int32, n int) bool {
	for i := n; i < len(log); i++ {
		a, b := &g.ev[log[i]], &g.ev[log[i-n]]
		if a.kind != b.kind || a.op != b.op || a.loc != b.loc || a.val != b.val || a.arg != b.arg || a.flags != b.flags {
			return false
		}
	}
	return true
}
