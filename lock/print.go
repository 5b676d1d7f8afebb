package lock

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/show"
)

// Format prints the Mutex with any verb: as Mutex{data: 3}, or as
// Mutex{<locked>} if somebody holds the lock, for it does not wait; a poisoned
// one as Mutex{data: 3, poisoned}. The lock is held while the data is printed.
func (m *Mutex[T]) Format(f fmt.State, verb rune) {
	if m == nil {
		fmt.Fprint(f, "<nil>")
		return
	}
	if !m.raw.tryLock() {
		show.State(f, "Mutex", "locked")
		return
	}
	defer m.raw.unlockHeld()
	m.at.Read()
	show.Data(f, verb, "Mutex", &m.value, poisonNote(m.raw.isPoisoned())...)
}

// Format prints the RWLock with any verb: as RWLock{data: 3}, or as
// RWLock{<locked>} if a reader would have to wait, for it does not; a poisoned
// one as RWLock{data: 3, poisoned}. It reads while it prints.
func (l *RWLock[T]) Format(f fmt.State, verb rune) {
	if l == nil {
		fmt.Fprint(f, "<nil>")
		return
	}
	if !l.raw.try(wantRead) {
		show.State(f, "RWLock", "locked")
		return
	}
	defer l.raw.leave(rwReader)
	l.at.Read()
	show.Data(f, verb, "RWLock", &l.value, poisonNote(l.raw.isPoisoned())...)
}

func poisonNote(poisoned bool) []string {
	if poisoned {
		return []string{"poisoned"}
	}
	return nil
}

// Format prints the OnceLock with any verb: as OnceLock{data: 3}, or as
// OnceLock{<uninit>} if it is empty. It does not wait.
func (l *OnceLock[T]) Format(f fmt.State, verb rune) {
	switch {
	case l == nil:
		fmt.Fprint(f, "<nil>")
	case l.core.isComplete():
		show.Data(f, verb, "OnceLock", l.Ptr())
	default:
		show.State(f, "OnceLock", "uninit")
	}
}

// Format prints the LazyLock with any verb: as LazyLock{data: 3}, or as
// LazyLock{<uninit>} or LazyLock{<poisoned>}. It does not compute the value, nor wait.
func (l *LazyLock[T]) Format(f fmt.State, verb rune) {
	switch {
	case l == nil:
		fmt.Fprint(f, "<nil>")
	case l.core.isComplete():
		show.Data(f, verb, "LazyLock", l.Ptr())
	case l.core.isPoisoned():
		show.State(f, "LazyLock", "poisoned")
	default:
		show.State(f, "LazyLock", "uninit")
	}
}

// Format prints the data with any verb.
func (g Guard[T]) Format(f fmt.State, verb rune) {
	if g.m == nil || !g.handle.Live() {
		show.State(f, "Guard", "unlocked")
		return
	}
	g.m.at.Read()
	show.Inner(f, verb, &g.m.value)
}

// Format prints the data with any verb.
func (g ReadGuard[T]) Format(f fmt.State, verb rune) {
	if g.l == nil || !g.handle.Live() {
		show.State(f, "ReadGuard", "unlocked")
		return
	}
	g.l.at.Read()
	show.Inner(f, verb, &g.l.value)
}

// Format prints the data with any verb.
func (g WriteGuard[T]) Format(f fmt.State, verb rune) {
	if g.l == nil || !g.handle.Live() {
		show.State(f, "WriteGuard", "unlocked")
		return
	}
	g.l.at.Read()
	show.Inner(f, verb, &g.l.value)
}

// Format prints the data with any verb.
func (g UpgradableGuard[T]) Format(f fmt.State, verb rune) {
	if g.l == nil || !g.handle.Live() {
		show.State(f, "UpgradableGuard", "unlocked")
		return
	}
	g.l.at.Read()
	show.Inner(f, verb, &g.l.value)
}

// Format prints the part with any verb.
func (g MappedGuard[U]) Format(f fmt.State, verb rune) {
	if g.part == nil || !g.handle.Live() {
		show.State(f, "MappedGuard", "unlocked")
		return
	}
	g.whole.at.Read()
	show.Inner(f, verb, g.part)
}

// Format prints the part with any verb.
func (g MappedReadGuard[U]) Format(f fmt.State, verb rune) {
	if g.part == nil || !g.handle.Live() {
		show.State(f, "MappedReadGuard", "unlocked")
		return
	}
	g.whole.at.Read()
	show.Inner(f, verb, g.part)
}

// Format prints Condvar{..}.
func (*Condvar) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Condvar{..}") }

// Format prints Once{..}.
func (*Once) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Once{..}") }

// Format prints Barrier{..}.
func (*Barrier) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Barrier{..}") }
