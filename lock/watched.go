package lock

import (
	"unsafe"

	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// While package watch is on, who has entered a lock says so and sets the lock's
// watched bit, which makes every unlock say so, too. The bit stays until
// somebody enters with the watch off; package watch forgets what it knew then.
// A modelled program is not watched: the look at the bit would be an event.

func (m *rawMutex) object() watch.Object {
	return watch.Object{Kind: watch.Mutex, At: uintptr(unsafe.Pointer(m))}
}

// entered is called by who has the lock, on the slow paths.
func (m *rawMutex) entered() {
	if word.Real && (watch.On() || m.state.Load(word.Relaxed)&mutexWatched != 0) {
		m.tell()
	}
}

//go:noinline
func (m *rawMutex) tell() {
	if !watch.On() {
		m.state.FetchAnd(^mutexWatched, word.Relaxed)
		return
	}
	m.state.FetchOr(mutexWatched, word.Relaxed)
	watch.Took(m.object(), watch.Alone)
}

func (l *rawRWLock) object() watch.Object {
	return watch.Object{Kind: watch.RWLock, At: uintptr(unsafe.Pointer(l))}
}

// as is how w holds the lock once it has entered.
func (w want) as() watch.As {
	return [...]watch.As{wantRead: watch.Reader, wantWrite: watch.Alone, wantUpgradable: watch.Upgradable, wantUpgrade: watch.Alone}[w]
}

// waitsAs is how w waits for it.
func (l *rawRWLock) waitsAs(w want) watch.As {
	switch {
	case w == wantUpgrade:
		return watch.Upgrade
	case w != wantWrite && l.policy != ReaderPreferring:
		return w.as() | watch.Behind
	}
	return w.as()
}

// asHeld is how somebody holds what is held in the state.
func asHeld(held uint32) watch.As {
	switch held {
	case rwWriter:
		return watch.Alone
	case rwUpgradable:
		return watch.Upgradable
	}
	return watch.Reader
}

// entered is called by who has entered as w.
func (l *rawRWLock) entered(w want) {
	if word.Real && (watch.On() || l.state.Load(word.Relaxed)&rwWatched != 0) {
		l.tell(w)
	}
}

//go:noinline
func (l *rawRWLock) tell(w want) {
	if !watch.On() {
		l.state.FetchAnd(^rwWatched, word.Relaxed)
		return
	}
	l.state.FetchOr(rwWatched, word.Relaxed)
	if w == wantUpgrade {
		watch.Released(l.object(), watch.Upgradable)
	}
	watch.Took(l.object(), w.as())
}
