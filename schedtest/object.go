package schedtest

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// objectNames gives each address of a recorded schedule a name: what the source
// calls it where it is first used, with a number behind it if that name is
// taken. Memory that is freed and used again keeps the first name.
type objectNames struct {
	names map[uint64]string
	taken map[string]int
}

func newObjectNames() *objectNames {
	return &objectNames{names: map[uint64]string{}, taken: map[string]int{}}
}

// describe fills in what the step s of the event e is done to, and its effect.
func (o *objectNames) describe(s *trace.Step, e event, called string, src sourceCalls) {
	text := objectOf(strings.TrimPrefix(s.Op, "inside "))
	if src.imported(s.Pos.File, text) {
		text = src.argument(s.Pos, called) // atomic.AddInt64(&x.n, 1)
	}
	if text == "" || e.addr == 0 {
		return
	}
	name, ok := o.names[e.addr]
	if !ok {
		o.taken[text]++
		name = text
		if n := o.taken[text]; n > 1 {
			name = fmt.Sprintf("%s#%d", text, n)
		}
		o.names[e.addr] = name
	}
	s.Object = name
	// A call that is several steps long has its effect at one of them only, which
	// nothing here tells.
	if !strings.HasPrefix(s.Op, "inside ") {
		s.Effect = effectOf(e.op, called)
	}
}

// objectOf is what an operation is done to, as the source has it; "" if that
// cannot be told.
func objectOf(op string) string {
	switch before, after, ok := strings.Cut(op, " <- "); {
	case strings.Contains(op, " or "):
		return ""
	case ok:
		return before
	case strings.HasPrefix(op, "<-"):
		return op[2:]
	case strings.HasPrefix(op, "range "):
		return op[len("range "):]
	case strings.HasPrefix(op, "close("):
		return strings.TrimSuffix(op[len("close("):], ")")
	case strings.HasPrefix(op, "go ") || after != "":
		return ""
	}
	if i := strings.LastIndexByte(op, '.'); i > 0 {
		return op[:i]
	}
	return ""
}

// effectOf is what an operation does to its object. called is the function that
// the user's code calls, if it calls one.
func effectOf(op strategy.Op, called string) trace.Effect {
	shared := strings.HasPrefix(called[strings.LastIndexByte(called, '.')+1:], "R")
	switch {
	case op == strategy.OpSend:
		return trace.Send
	case op == strategy.OpRecv:
		return trace.Receive
	case op == strategy.OpClose:
		return trace.Close
	case takes(called) && shared:
		return trace.AcquireShared
	case takes(called):
		return trace.Acquire
	case frees(called) && shared:
		return trace.ReleaseShared
	case frees(called):
		return trace.Release
	}
	return ""
}

// tellWaits tells the picture what each blocked goroutine waits for, and who
// holds that.
func tellWaits(f *Finding) {
	lane := map[uint32]int{}
	for i, l := range f.Trace.Lanes {
		var id uint32
		if _, err := fmt.Sscanf(l.Name, "goroutine %d", &id); err == nil {
			lane[id] = i
		}
	}
	for _, g := range f.Goroutines {
		i, ok := lane[g.ID]
		if !ok || g.Object == "" || f.Trace.Lanes[i].End == "" {
			continue
		}
		l := &f.Trace.Lanes[i]
		l.WaitsFor = g.Object
		for _, h := range g.HeldBy {
			if by, ok := lane[h.ID]; ok {
				l.HeldBy = append(l.HeldBy, by)
			}
		}
	}
}
