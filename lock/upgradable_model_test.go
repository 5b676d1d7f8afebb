//go:build fearless_model

package lock_test

import (
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Every interleaving of a reader, an upgradable reader that waits, and one inside
// that waits for the reader: none is a deadlock.
func TestReaderBesideTwoUpgradablesInTheModel(t *testing.T) {
	for _, p := range policies {
		t.Run(p.String(), func(t *testing.T) {
			model.Check(t, func() {
				l := lock.NewRWLock(0, p)
				u := l.UpgradableRead()
				second := thread.Go(func() { l.UpgradableRead().Unlock() })
				joined(thread.Go(reads(l)))
				u.Unlock()
				joined(second)
			})
		})
	}
}

// The same with a try, which finds the lock free for readers.
func TestTryReadBesideTwoUpgradablesInTheModel(t *testing.T) {
	for _, p := range policies {
		t.Run(p.String(), func(t *testing.T) {
			model.Check(t, func() {
				l := lock.NewRWLock(0, p)
				u := l.UpgradableRead()
				second := thread.Go(func() { l.UpgradableRead().Unlock() })
				r, err := l.TryRead()
				model.Assert(err == nil)
				r.Unlock()
				u.Unlock()
				joined(second)
			})
		})
	}
}

// An upgrade, a reader, and an upgradable reader that waits.
func TestUpgradeBesideAnUpgradableInTheModel(t *testing.T) {
	for _, p := range policies {
		t.Run(p.String(), func(t *testing.T) {
			model.Check(t, func() {
				l := lock.NewRWLock(0, p)
				u := l.UpgradableRead()
				second := thread.Go(func() { l.UpgradableRead().Unlock() })
				reader := thread.Go(reads(l))
				w := u.Upgrade()
				*w.Ptr()++
				w.Unlock()
				joined(second, reader)
			})
		})
	}
}
