package exact

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A chanCase is what a goroutine offers to do: a send, a receive, or one case
// of a select.
type chanCase struct {
	channel value
	send    bool
	val     value
}

// cases are those of a select.
func (m *search) cases(s *state, f *frame, x *ssa.Select) []chanCase {
	var out []chanCase
	for _, st := range x.States {
		c := chanCase{channel: m.operand(s, f, st.Chan), send: st.Dir == types.SendOnly}
		if c.send {
			c.val = m.operand(s, f, st.Send)
		}
		out = append(out, c)
	}
	return out
}

// offers are the cases at which t is, if it is at any.
func (m *search) offers(s *state, t *thread) []chanCase {
	f := t.top()
	if f == nil || f.native != nil {
		return nil
	}
	switch x := f.block.Instrs[f.pc].(type) {
	case *ssa.Send:
		return []chanCase{{channel: m.operand(s, f, x.Chan), send: true, val: m.operand(s, f, x.X)}}
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return []chanCase{{channel: m.operand(s, f, x.X)}}
		}
	case *ssa.Select:
		return m.cases(s, f, x)
	}
	return nil
}

// A way is how a channel operation can come out: by case k, with what waits
// in the channel, or with case l of another thread.
type way struct {
	k       int
	partner *thread
	l       int
}

// communicate does one of the cases of t. Without buffer it is the sender
// that moves both.
func (m *search) communicate(s *state, t *thread, f *frame, instr ssa.Instruction, cases []chanCase, blocks bool, c *chooser) status {
	var ways []way
	ready := false
	for k, offer := range cases {
		if offer.channel == nil {
			continue
		}
		r, ok := offer.channel.(reference)
		if !ok {
			stop("a channel that is not known")
		}
		ch := s.heap[r.obj].chann
		switch {
		case ch.closed, offer.send && len(ch.room) > 0, !offer.send && len(ch.queue) > 0:
			ways = append(ways, way{k: k})
			ready = true
		case offer.send && ch.size == 0:
			ways = append(ways, m.partners(s, t, k, offer.channel)...)
		}
	}
	if !blocks && !ready {
		ways = append(ways, way{k: -1})
	}
	if len(ways) == 0 {
		return blocked
	}
	w := ways[c.choose(len(ways))]
	if w.k < 0 {
		m.finish(t, -1, nil, false)
		return goesOn
	}
	offer := cases[w.k]
	o := s.heap[offer.channel.(reference).obj]
	if offer.send {
		m.use(s, t, o, 0, instr, false, false) // close is the write
	}
	switch {
	case w.partner != nil:
		sent, received := t.release(), w.partner.release()
		t.acquire(received)
		w.partner.acquire(sent)
		m.finish(t, w.k, nil, false)
		m.finish(w.partner, w.l, offer.val, true)
		m.settle(s, w.partner)
	case offer.send && o.chann.closed:
		m.noteBroken(s, t, SentToClosed)
		return m.panics(t)
	case offer.send:
		t.acquire(o.chann.room[0])
		o.chann.room = o.chann.room[1:]
		o.chann.queue = append(o.chann.queue, message{offer.val, t.release()})
		m.finish(t, w.k, nil, false)
	case len(o.chann.queue) > 0:
		got := o.chann.queue[0]
		t.acquire(got.clock)
		o.chann.queue = o.chann.queue[1:]
		if o.chann.size > 0 {
			o.chann.room = append(o.chann.room, t.release())
		}
		m.finish(t, w.k, got.val, true)
	default:
		t.acquire(o.chann.clock)
		m.finish(t, w.k, m.layouts.zero(elemOf(f, instr, w.k)), false)
	}
	return goesOn
}

// elemOf is the type of what case k of a channel operation receives.
func elemOf(f *frame, instr ssa.Instruction, k int) types.Type {
	var ch types.Type
	switch x := instr.(type) {
	case *ssa.UnOp:
		ch = x.X.Type()
	case *ssa.Select:
		ch = x.States[k].Chan.Type()
	}
	return ch.Underlying().(*types.Chan).Elem()
}

// partners are the goroutines that wait to receive from a channel.
func (m *search) partners(s *state, t *thread, k int, channel value) []way {
	var out []way
	for _, u := range s.threads {
		if u == t {
			continue
		}
		for l, offer := range m.offers(s, u) {
			if !offer.send && offer.channel == channel {
				out = append(out, way{k, u, l})
			}
		}
	}
	return out
}

// finish moves t on behind its channel operation, of which case k was done
// (-1: the default), with what was received.
func (m *search) finish(t *thread, k int, got value, ok bool) {
	f := t.top()
	switch x := f.block.Instrs[f.pc].(type) {
	case *ssa.UnOp:
		if x.CommaOk {
			got = tuple{got, ok}
		}
		f.set(x, got)
	case *ssa.Select:
		out := tuple{int64(k), ok}
		for i, st := range x.States {
			switch {
			case st.Dir == types.SendOnly:
			case i == k:
				out = append(out, got)
			default:
				out = append(out, m.layouts.zero(st.Chan.Type().Underlying().(*types.Chan).Elem()))
			}
		}
		f.set(x, out)
	}
	f.pc++
}

// close closes a channel. It reports false if that panics.
func (m *search) close(s *state, t *thread, v value, instr ssa.Instruction) bool {
	r, ok := v.(reference)
	if !ok {
		return false
	}
	o := s.heap[r.obj]
	m.use(s, t, o, 0, instr, true, false)
	if o.chann.closed {
		m.noteBroken(s, t, ClosedTwice)
		return false
	}
	o.chann.closed = true
	o.chann.clock = t.release()
	return true
}
