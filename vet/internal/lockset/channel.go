package lockset

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// buffered reports whether the channel ch, or every channel that the package
// puts where ch is from, is made with a buffer, so that a send on it need not wait.
func (c *computation) buffered(ch ssa.Value) bool {
	if m, ok := unwrapChan(ch).(*ssa.MakeChan); ok {
		return hasBuffer(m)
	}
	p := Resolve(ch)
	if m, ok := p.Root.(*ssa.MakeChan); ok && p.sel == "" {
		return hasBuffer(m)
	}
	if p.Class == "" {
		return false
	}
	if c.channels == nil {
		c.channels = map[string]bool{}
		for _, fn := range c.funcs {
			c.noteChannels(fn)
		}
	}
	return c.channels[p.Class]
}

func (c *computation) noteChannels(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			m, ok := unwrapChan(st.Val).(*ssa.MakeChan)
			if !ok {
				continue
			}
			if class := Resolve(st.Addr).Class; class != "" {
				before, known := c.channels[class]
				c.channels[class] = hasBuffer(m) && (before || !known)
			}
		}
	}
}

func unwrapChan(v ssa.Value) ssa.Value {
	if t, ok := v.(*ssa.ChangeType); ok {
		return t.X
	}
	return v
}

func hasBuffer(m *ssa.MakeChan) bool {
	size, ok := m.Size.(*ssa.Const)
	return !ok || size.Int64() > 0
}

// alwaysReady reports whether sel both sends to and receives from a channel
// with a buffer, which has room for the one or a value for the other.
func (c *computation) alwaysReady(sel *ssa.Select) bool {
	for _, send := range sel.States {
		if send.Dir != types.SendOnly || !c.buffered(send.Chan) {
			continue
		}
		for _, recv := range sel.States {
			if recv.Dir == types.RecvOnly && (recv.Chan == send.Chan || Resolve(recv.Chan).Same(Resolve(send.Chan))) {
				return true
			}
		}
	}
	return false
}
