package picture

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// Cycles says which threads of an execution that has reached its limit have done the
// same steps over and over; "" if none has. It is no proof of a livelock: that a
// scheduler can end it under no choice is not known.
func (x *Picture) Cycles() string {
	var list []string
	for t := range x.G.Thr {
		log := x.G.Thr[t].Ev
		from, n := x.G.CycleIn(log)
		if n == 0 {
			continue
		}
		var steps []string
		for _, id := range log[from : from+n] {
			if e := &x.G.Ev[id]; e.Kind != graph.Write || !e.Has(graph.Update) { // that is told with its read part
				s := x.Step(id)
				steps = append(steps, fmt.Sprintf("%s at %s", s.Op, source.Short(s.Pos)))
			}
		}
		list = append(list, fmt.Sprintf("%s goes round in %s", x.ThreadName(int32(t)), strings.Join(steps, ", ")))
	}
	if len(list) == 0 {
		return ""
	}
	return "; " + strings.Join(list, "; ") + ": if no thread ends that it is a livelock"
}
