package dpor

// dporSaved is the version of what Save writes.
const dporSaved = 0x64700001

// Save returns the state of the exploration between two executions, for Load in
// another process that runs the same program.
func (x *Dpor) Save() []uint32 {
	out := append(make([]uint32, 0, 256), dporSaved)
	flags := uint32(0)
	for i, f := range []bool{x.begun, x.over, x.coarse || x.Stable, x.incomplete, x.state == dporDiverged} {
		if f {
			flags |= 1 << i
		}
	}
	// Objects have other numbers in another process, so that what the branches
	// do is not known there.
	out = append(out, flags, uint32(x.free), uint32(x.at))
	out = dporPut(out, uint64(x.stats.Executions), uint64(x.stats.Blocked), uint64(x.stats.Cut), uint64(x.stats.Depth))
	out = append(out, uint32(len(x.nodes)), uint32(len(x.parts)), uint32(len(x.wakes)))
	for i := range x.nodes {
		n := &x.nodes[i]
		out = dporPut(out, n.sleep, n.slept, n.sign, n.variants)
		out = append(out, n.thread, uint32(n.tree), uint32(n.parts), uint32(n.partsEnd), uint32(n.variant), uint32(n.slot), uint32(n.width))
	}
	for _, p := range x.parts {
		out = dporPut(out, p.variants, p.own)
		out = append(out, uint32(p.slot))
	}
	for _, w := range x.wakes {
		doubt := uint32(0)
		if w.doubt {
			doubt = 1
		}
		out = append(out, w.thread, uint32(w.next), uint32(w.child), uint32(w.variant), doubt)
	}
	return out
}

func dporPut(out []uint32, values ...uint64) []uint32 {
	for _, v := range values {
		out = append(out, uint32(v), uint32(v>>32))
	}
	return out
}

// A dporReader takes numbers from what Save wrote.
type dporReader struct {
	in  []uint32
	bad bool
}

func (r *dporReader) next() uint32 {
	if len(r.in) == 0 {
		r.bad = true
		return 0
	}
	v := r.in[0]
	r.in = r.in[1:]
	return v
}

func (r *dporReader) wide() uint64 {
	lo := r.next()
	return uint64(lo) | uint64(r.next())<<32
}

// index takes a number from -1 to limit-1.
func (r *dporReader) index(limit int) int32 {
	v := int32(r.next())
	if v < -1 || int(v) >= limit {
		r.bad = true
	}
	return v
}

// Load goes on with what Save wrote. It reports whether that is whole; if not,
// the exploration is as new.
func (x *Dpor) Load(saved []uint32) bool {
	x.Reset()
	r := dporReader{in: saved}
	if r.next() != dporSaved {
		return false
	}
	flags := r.next()
	x.begun, x.over, x.coarse, x.incomplete = flags&1 != 0, flags&2 != 0, flags&4 != 0, flags&8 != 0
	if flags&16 != 0 {
		x.state = dporDiverged
	}
	x.free, x.at = int32(r.next()), int(r.next())
	x.stats.Executions, x.stats.Blocked = int(r.wide()), int(r.wide())
	x.stats.Cut, x.stats.Depth = int(r.wide()), int(r.wide())
	nodes, parts, wakes := int(r.next()), int(r.next()), int(r.next())
	if r.bad || nodes > dporMaxEvents || parts > len(r.in) || wakes > len(r.in) || int(x.free) > wakes || x.free < 0 {
		x.Reset()
		return false
	}
	x.spare = 256
	for x.spare < nodes {
		x.spare *= 2
	}
	x.nodes = make([]dporNode, nodes, x.spare)
	for i := range x.nodes {
		n := &x.nodes[i]
		n.sleep, n.slept, n.sign, n.variants = r.wide(), r.wide(), r.wide(), r.wide()
		n.thread, n.tree = r.next(), r.index(wakes)
		n.parts, n.partsEnd = r.index(parts+1), r.index(parts+1)
		n.variant, n.slot, n.width = uint8(r.next()), uint8(r.next()), uint8(r.next())
		r.bad = r.bad || n.parts < 0 || n.partsEnd < n.parts || n.slot >= dporMaxThreads
	}
	x.parts = make([]dporPart, parts)
	for i := range x.parts {
		x.parts[i] = dporPart{variants: r.wide(), own: r.wide(), slot: uint8(r.next())}
	}
	x.wakes = make([]dporWake, wakes)
	for i := range x.wakes {
		w := &x.wakes[i]
		w.thread, w.note = r.next(), -1
		w.next = int32(r.next()) // of an unused one it is an index+1
		w.child, w.variant, w.doubt = r.index(wakes), uint8(r.next()), r.next() != 0
		r.bad = r.bad || w.next < -1 || int(w.next) > wakes
	}
	if r.bad || len(r.in) != 0 {
		x.Reset()
		return false
	}
	x.carry = -1
	return true
}
