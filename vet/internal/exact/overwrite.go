package exact

import (
	"go/types"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// overwrite makes the locks, groups and Onces in what is at off, of type typ, new
// ones, since a value is about to be stored there. The first store of one makes the
// search begin again, with each use of a lock counted as one of its memory.
//
// A goroutine that waits for one counts as one that has not begun to. It would wait
// for good, which other goroutines cannot tell from being slow, so that no race is
// lost.
func (m *search) overwrite(o *object, off int, typ types.Type) {
	if m.tolerant || !holdsLock(typ) {
		return
	}
	if !m.locks {
		m.locks = true
		stop(beginAgain)
	}
	m.eachLock(o, off, typ, func(c *cell, name string) {
		if s := c.lookAt(); name == "Once" && s.n == 1 || len(s.waiters)+len(s.woken) > 0 {
			stop("a Once or Cond that is overwritten while it is used")
		}
		c.sync = nil
	})
}

// idle is what comes before a value of type typ is read: its locks have to be
// unused, since no value says otherwise.
func (m *search) idle(o *object, off int, typ types.Type) {
	if !holdsLock(typ) {
		return
	}
	m.eachLock(o, off, typ, func(c *cell, _ string) {
		if s := c.lookAt(); s.n != 0 || s.writer || len(s.waiters)+len(s.woken) > 0 {
			stop("a copy of a lock, a group or a Once that is used")
		}
	})
}

// elements is do for each value of type elem among the n cells from off.
func (m *search) elements(o *object, off, n int, elem types.Type, do func(o *object, off int, typ types.Type)) {
	if each := m.layouts.cells(elem); each > 0 {
		for end := min(off+n, len(o.cells)); off+each <= end; off += each {
			do(o, off, elem)
		}
	}
}

// eachLock is do for each value of package sync in the one of type typ at off.
func (m *search) eachLock(o *object, off int, typ types.Type, do func(c *cell, name string)) {
	if opaqueType(typ) {
		if holdsLock(typ) && off < len(o.cells) && o.cells[off].sync != nil {
			do(&o.cells[off], api.TypeOf(typ).Name)
		}
		return
	}
	switch u := typ.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			m.eachLock(o, off, f.Type(), do)
			off += m.layouts.cells(f.Type())
		}
	case *types.Array:
		m.elements(o, off, m.layouts.cells(typ), u.Elem(), func(o *object, off int, elem types.Type) { m.eachLock(o, off, elem, do) })
	}
}
