package park

import "github.com/fearless-go/fearless/internal/word"

// A SpinLock guards a few instructions, such as those that link a waiter into
// a queue. The zero SpinLock is unlocked.
//
// An Unlock synchronizes before the return of the next Lock.
type SpinLock struct{ held word.Lock }

// Lock waits, spinning at first and yielding then, until the lock is free.
func (l *SpinLock) Lock() {
	if !l.held.TakeSpin() {
		l.lockSlow()
	}
}

func (l *SpinLock) lockSlow() {
	if word.SpinLockIsEvent() {
		word.Enter(&l.held, 1, 1)
		return
	}
	for !l.held.TakeSpin() {
		for i := 0; l.held.Load(word.Relaxed) != 0; {
			if i < spinsBeforeYield {
				word.SpinLoop()
				i++
			} else {
				Yield()
			}
		}
	}
}

// Unlock frees the lock.
func (l *SpinLock) Unlock() { l.held.Store(0, word.Release) }
