package lock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/lock"
)

// A reader waits for writers only. Where it waited for an upgradable reader that
// waits, and the one inside waited for the reader, both waited for ever: the kind
// of Amanieu/parking_lot#101.
func TestReadersPassAWaitingUpgradable(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			u := l.UpgradableRead()
			var waiting []<-chan bool
			for range 3 {
				waiting = append(waiting, started(func() { l.UpgradableRead().Unlock() }))
			}
			<-started(func() { l.Read().Unlock() })
			if r, err := l.TryRead(); err != nil {
				t.Errorf("TryRead: %v", err)
			} else {
				r.Unlock()
			}
			if r, err := l.ReadTimeout(time.Hour); err != nil {
				t.Errorf("ReadTimeout: %v", err)
			} else {
				r.Unlock()
			}
			l.WithRead(func(int) {})
			u.Unlock()
			for _, done := range waiting {
				<-done
			}
		})
	})
}

// The writer lets in one of the upgradable readers, and every reader.
func TestReadersBehindUpgradablesEnterAfterAWriter(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			w := l.Write()
			inside := lock.NewBarrier(3) // the readers and the first upgradable one
			first := true
			var all []<-chan bool
			for range 2 {
				all = append(all, started(func() {
					g := l.UpgradableRead()
					defer g.Unlock()
					if first {
						first = false // only one at a time can be here
						inside.Wait()
					}
				}))
			}
			for range 2 {
				all = append(all, started(func() { l.WithRead(func(int) { inside.Wait() }) }))
			}
			w.Unlock()
			for _, done := range all {
				<-done
			}
		})
	})
}

// A writer that gives up between an upgradable reader that waits and a reader
// is no reason to wait any more.
func TestReadersPassWhenTheWriterGivesUp(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			u := l.UpgradableRead()
			second := started(func() { l.UpgradableRead().Unlock() })
			writer := started(func() {
				if _, err := l.WriteTimeout(time.Hour); err == nil {
					t.Error("the writer is in")
				}
			})
			reader := started(func() { l.Read().Unlock() })
			if isDone(reader) != (p == lock.ReaderPreferring) {
				t.Errorf("the reader is in beside a waiting writer: %v", isDone(reader))
			}
			<-writer
			<-reader
			u.Unlock()
			<-second
		})
	})
}

// A reader that comes while one upgrades waits, as for any writer, but where
// readers are preferred; the readers inside are what the upgrade waits for.
func TestUpgradeBesideWaitingUpgradable(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			u, r := l.UpgradableRead(), l.Read()
			second := started(func() { l.UpgradableRead().Unlock() })
			upgraded := started(func() { u.Upgrade().Unlock() })
			reader := started(func() { l.Read().Unlock() })
			if isDone(upgraded) || isDone(reader) != (p == lock.ReaderPreferring) {
				t.Errorf("upgraded: %v, the reader is in: %v", isDone(upgraded), isDone(reader))
			}
			r.Unlock()
			<-upgraded
			<-reader
			<-second
		})
	})
}
