package exact

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// key is a state as a string, so that two states from which the same can
// happen have the same one as often as can be had:
//
//   - Objects are numbered in the order in which they are reached from
//     globals and live registers, and what cannot be reached is left out.
//   - Threads are ordered by where they were started.
//   - Of clocks only this matters: which of the accesses that are kept they
//     cover. For each thread the epochs of its accesses are numbered in their
//     order, and a clock's entry is replaced by how many of them it covers.
//     Whatever happens later compares and joins clocks, and these do the same
//     to the numbers: a new access has an epoch above all that others cover.
func (m *search) key(s *state) string {
	k := &keyer{search: m, state: s, number: map[int]int{}, b: make([]byte, 0, 512)}
	for i := range s.threads {
		k.order = append(k.order, i)
	}
	slices.SortFunc(k.order, func(a, b int) int { return cmp.Compare(s.threads[a].id, s.threads[b].id) })
	globals := slices.Clone(s.globals)
	slices.SortFunc(globals, func(a, b global) int { return cmp.Compare(m.globalIDs[a.g], m.globalIDs[b.g]) })
	for _, g := range globals {
		k.int(m.globalIDs[g.g])
		k.object(g.obj)
	}
	for _, i := range k.order {
		k.thread(s.threads[i])
	}
	for at := 0; at < len(k.queue); at++ {
		k.contents(s.heap[k.queue[at]])
	}
	k.rank()
	for _, i := range k.order {
		if t := s.threads[i]; len(t.frames) > 0 {
			k.clock(t.clock)
		}
	}
	for _, id := range k.queue {
		k.knowledge(s.heap[id])
	}
	for id := range s.heap {
		if _, reached := k.number[id]; !reached {
			s.heap[id] = nil
		}
	}
	return string(k.b)
}

type keyer struct {
	search *search
	state  *state
	b      []byte
	number map[int]int // objects that have been reached
	queue  []int
	order  []int     // threads
	epochs [][]int32 // of the accesses of each thread
}

func (k *keyer) int(n int) { k.b = binary.AppendVarint(k.b, int64(n)) }

func (k *keyer) bool(b bool) {
	if b {
		k.b = append(k.b, 1)
	} else {
		k.b = append(k.b, 0)
	}
}

func (k *keyer) object(id int) {
	n, ok := k.number[id]
	if !ok {
		n = len(k.queue)
		k.number[id] = n
		k.queue = append(k.queue, id)
	}
	k.int(n)
}

func (k *keyer) thread(t *thread) {
	k.int(len(t.frames))
	if len(t.frames) == 0 {
		return
	}
	k.int(t.id)
	for _, f := range t.frames {
		k.int(f.phase)
		k.values(f.args)
		k.value(f.result)
		if f.native != nil {
			k.int(f.native.id)
			continue
		}
		k.int(f.fn.id)
		k.int(f.block.Index)
		k.int(f.pc)
		for _, r := range f.fn.live(f.block, f.pc) {
			k.value(f.regs[r])
		}
		k.int(len(f.defers))
		for _, d := range f.defers {
			k.int(k.search.access(d.instr))
			k.values(d.callee.free)
			k.values(d.args)
		}
	}
}

func (k *keyer) values(list []value) {
	k.int(len(list))
	for _, v := range list {
		k.value(v)
	}
}

func (k *keyer) value(v value) {
	switch v := v.(type) {
	case nil:
		k.b = append(k.b, 'n')
	case int64:
		k.b = binary.AppendVarint(append(k.b, 'i'), v)
	case bool:
		k.b = append(k.b, 'b')
		k.bool(v)
	case string:
		k.b = append(k.b, 's')
		k.int(len(v))
		k.b = append(k.b, v...)
	case float64:
		k.b = binary.LittleEndian.AppendUint64(append(k.b, 'f'), math.Float64bits(v))
	case pointer:
		k.b = append(k.b, 'p')
		k.object(v.obj)
		k.int(v.off)
	case slice:
		k.b = append(k.b, 'l')
		k.object(v.obj)
		k.int(v.off)
		k.int(v.n)
		k.int(v.max)
	case reference:
		k.b = append(k.b, 'r')
		k.object(v.obj)
	case *closure:
		k.b = append(k.b, 'c')
		k.int(k.search.info(v.fn).id)
		k.values(v.free)
	case boxed:
		k.b = append(k.b, 'x')
		k.int(k.search.typeID(v.typ))
		k.value(v.val)
	case aggregate:
		k.b = append(k.b, 'a')
		k.values(v)
	case tuple:
		k.b = append(k.b, 't')
		k.values(v)
	case *iterator:
		k.b = append(k.b, 'z')
		k.int(v.at)
		k.value(v.over)
	default:
		k.b = append(k.b, 'u')
	}
}

// contents writes what o holds, without who knows what of it.
func (k *keyer) contents(o *object) {
	for i := range o.cells {
		c := &o.cells[i]
		k.value(c.val)
		if c.sync == nil {
			continue
		}
		k.int(c.sync.n)
		k.bool(c.sync.writer)
		k.threads(c.sync.holders)
		k.threads(c.sync.waiters)
		k.threads(c.sync.woken)
	}
	for _, e := range o.entries {
		k.value(e.key)
		k.values(e.val)
	}
	if ch := o.chann; ch != nil {
		k.bool(ch.closed)
		k.int(len(ch.queue))
		for _, q := range ch.queue {
			k.value(q.val)
		}
	}
}

func (k *keyer) threads(list []int) {
	k.int(len(list))
	for _, i := range list {
		k.int(k.state.threads[i].id)
	}
}

// rank collects the epochs of the accesses that are kept.
func (k *keyer) rank() {
	k.epochs = make([][]int32, len(k.state.threads))
	for _, id := range k.queue {
		for i := range k.state.heap[id].cells {
			for _, u := range k.state.heap[id].cells[i].uses {
				k.epochs[u.thread] = append(k.epochs[u.thread], u.epoch)
			}
		}
	}
	for i, list := range k.epochs {
		slices.Sort(list)
		k.epochs[i] = slices.Compact(list)
	}
}

// covered is how many epochs of a thread are n or less.
func (k *keyer) covered(thread int, n int32) int {
	at, found := slices.BinarySearch(k.epochs[thread], n)
	if found {
		at++
	}
	return at
}

func (k *keyer) clock(c clock) {
	for _, i := range k.order {
		if len(k.epochs[i]) > 0 {
			k.int(k.covered(i, c.at(i)))
		}
	}
}

// knowledge writes who has used o, and what its locks and messages know.
func (k *keyer) knowledge(o *object) {
	for i := range o.cells {
		c := &o.cells[i]
		k.int(len(c.uses))
		uses := slices.Clone(c.uses)
		slices.SortFunc(uses, func(a, b use) int {
			return cmp.Or(cmp.Compare(k.state.threads[a.thread].id, k.state.threads[b.thread].id), cmp.Compare(a.access, b.access))
		})
		for _, u := range uses {
			k.int(k.state.threads[u.thread].id)
			k.int(int(u.access))
			k.int(k.covered(int(u.thread), u.epoch))
			k.bool(u.guessed)
		}
		if c.sync != nil {
			k.clock(c.sync.clock)
			k.clock(c.sync.shared)
		}
	}
	if ch := o.chann; ch != nil {
		k.clock(ch.clock)
		for _, q := range ch.queue {
			k.clock(q.clock)
		}
		for _, c := range ch.room {
			k.clock(c)
		}
	}
}
