package parallel

// A channelUse is what the frames of a tree do with one channel.
type channelUse struct {
	first   map[*Frame]opKind
	balance map[*Frame]int // sends less receives
	sends   map[*Frame]int64
}

// channelLocks makes locks of the channels that are used as one: with room
// for one value, which each goroutine sends and then takes back (or takes,
// and then puts back), and those by which a single value goes round.
func (t *Tree) channelLocks() {
	uses := map[Ref]*channelUse{}
	for _, o := range t.ops {
		if o.inLoop != nil || o.vague || o.kind != opSend && o.kind != opRecv && o.kind != opClose || o.got == 2 {
			continue
		}
		if n, ok := capacityOf(o.on.Obj); !ok || n > 1 {
			continue
		}
		u := uses[o.on]
		if u == nil {
			u = &channelUse{map[*Frame]opKind{}, map[*Frame]int{}, map[*Frame]int64{}}
			uses[o.on] = u
		}
		f := o.Frame.undeferred()
		if _, seen := u.first[f]; !seen {
			u.first[f] = o.kind
		}
		switch o.kind {
		case opSend:
			u.balance[f]++
			n := times(t.repeats(o.Point, o.on.Obj), t.instances(o.thread, o.on.Obj))
			u.sends[f] = min(u.sends[f]+n, many)
		case opRecv:
			u.balance[f]--
		case opClose:
			u.balance[f] += 100
		}
	}
	for on, u := range uses {
		capacity, _ := capacityOf(on.Obj)
		switch {
		case capacity == 1 && u.sendTakes():
			t.useAsLock(on, opSend, u)
		case u.token():
			t.useAsLock(on, opRecv, nil)
		}
	}
}

// useAsLock adds the events of a lock to those of channel on, which is taken
// by operations of kind take, in the frames of u that give it back.
func (t *Tree) useAsLock(on Ref, take opKind, u *channelUse) {
	lock := func(f *Frame, o *op) *lockEvent {
		if o == nil || o.on != on || o.inLoop != nil || o.kind != opSend && o.kind != opRecv || o.got == 2 || u != nil && u.balance[f.undeferred()] != 0 {
			return nil
		}
		return &lockEvent{on: []Ref{on}, take: o.kind == take, write: true}
	}
	for _, f := range t.Frames {
		for i, events := range f.blocks {
			var out []event
			for _, e := range events {
				out = append(out, e)
				if l := lock(f, e.op); l != nil {
					out = append(out, event{instr: e.instr, lock: l})
				}
			}
			f.blocks[i] = out
		}
		for edge, ops := range f.edgeOps {
			for _, o := range ops {
				if l := lock(f, o); l != nil {
					if f.edgeLocks == nil {
						f.edgeLocks = map[[2]int]*lockEvent{}
					}
					f.edgeLocks[edge] = l
				}
			}
		}
	}
}

// sendTakes tells whether all who use the channel send first and receive then.
func (u *channelUse) sendTakes() bool {
	users := 0
	for f, n := range u.balance {
		if n != 0 || u.first[f] != opSend {
			return false
		}
		if users++; u.sends[f] > 1 {
			users++
		}
	}
	return users > 1
}

// undeferred is the frame at whose end f runs, if it is deferred.
func (f *Frame) undeferred() *Frame {
	for f.deferred && f.Parent != nil {
		f = f.Parent
	}
	return f
}

// token tells whether only one value is ever put into the channel, which all
// others receive first and send on then.
func (u *channelUse) token() bool {
	users, filled := 0, int64(0)
	for f, n := range u.balance {
		switch {
		case u.first[f] == opSend && (n == 0 || n == 1):
			filled += u.sends[f]
		case u.first[f] == opRecv && n == 0:
			users++
		case u.first[f] == opRecv && n == -1:
			// takes it out at the end
		default:
			return false
		}
	}
	return filled == 1 && users > 0
}
