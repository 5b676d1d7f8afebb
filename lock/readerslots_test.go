package lock_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/lock"
)

// biased returns a lock whose readers take slots.
func biased(t *testing.T, p lock.Policy) *lock.RWLock[int] {
	t.Helper()
	l := lock.NewRWLock(0, p)
	if !l.Bias() {
		t.Fatal("a crowd of readers did not bias the lock")
	}
	return l
}

func TestReaderInSlotKeepsWritersOut(t *testing.T) {
	l := biased(t, lock.Fair)
	r := l.Read()
	if !r.InSlot() {
		t.Error("the reader of a biased lock took no slot")
	}
	if _, err := l.TryWrite(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Errorf("TryWrite beside a reader: %v", err)
	}
	second := l.Read()
	if second.InSlot() {
		t.Error("the bias did not end when somebody wanted to write")
	}
	second.Unlock()
	if _, err := l.WriteTimeout(time.Millisecond); !errors.Is(err, lock.ErrTimeout) {
		t.Errorf("WriteTimeout beside a reader: %v", err)
	}
	panicsWith[*lock.InUseError](t, func() { l.GetMut() })
	r.Unlock()
	w, err := l.TryWrite()
	if err != nil {
		t.Fatalf("TryWrite after the readers: %v", err)
	}
	w.Unlock()
	*l.GetMut() = 1
}

func TestGetMutSeesReadersInSlots(t *testing.T) {
	l := biased(t, lock.Fair)
	r := l.Read()
	panicsWith[*lock.InUseError](t, func() { l.GetMut() })
	r.Unlock()
	*l.GetMut() = 1
}

func TestUpgradeWaitsForReadersInSlots(t *testing.T) {
	l := biased(t, lock.Fair)
	u := l.UpgradableRead()
	r := l.Read()
	if !r.InSlot() {
		t.Error("an upgradable reader ended the bias")
	}
	if _, err := u.TryUpgrade(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Errorf("TryUpgrade beside a reader: %v", err)
	}
	r.Unlock()
	w, err := u.TryUpgrade()
	if err != nil {
		t.Fatalf("TryUpgrade after the reader: %v", err)
	}
	w.Unlock()
}

func TestReaderInSlotUnlockedTwice(t *testing.T) {
	l := biased(t, lock.Fair)
	r := l.Read()
	r.Unlock()
	panicsWith[*lock.GuardError](t, func() { r.Unlock() })
	w := l.Write() // nothing is broken
	w.Unlock()
}

func TestWriterWaitsForReaderInSlot(t *testing.T) {
	for _, p := range []lock.Policy{lock.Fair, lock.WriterPreferring, lock.ReaderPreferring} {
		synctest.Test(t, func(t *testing.T) {
			l := biased(t, p)
			r := l.Read()
			wrote := false
			go l.WithWrite(func(*int) { wrote = true })
			synctest.Wait()
			if wrote {
				t.Errorf("%v: it wrote beside a reader", p)
			}
			r.Unlock()
			synctest.Wait()
			if !wrote {
				t.Errorf("%v: the end of the reader did not let the writer in", p)
			}
		})
	}
}

// Everything that an RWLock can do, at once, while it is biased again and again.
func TestBiasStress(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 500
	}
	for _, p := range []lock.Policy{lock.Fair, lock.WriterPreferring, lock.ReaderPreferring} {
		l := lock.NewRWLock([2]int{}, p)
		read := func(v [2]int) {
			if v[0] != v[1] {
				t.Errorf("%v: a reader saw half a write: %v", p, v)
			}
		}
		var all sync.WaitGroup
		var writes lock.Mutex[int]
		write := func(v *[2]int) {
			v[0]++
			v[1]++
			writes.With(func(n *int) { *n++ })
		}
		for i := range 8 {
			all.Go(func() {
				for j := range rounds {
					switch k := (i*7 + j*13) % 29; {
					case k < 20:
						g := l.Read()
						read(g.Get())
						g.Unlock()
					case k == 20:
						l.Bias()
					case k == 21:
						l.WithWrite(write)
					case k == 22:
						g := l.Write()
						write(g.Ptr())
						r := g.Downgrade()
						read(r.Get())
						r.Unlock()
					case k == 23:
						if g, err := l.TryWrite(); err == nil {
							write(g.Ptr())
							g.Unlock()
						}
					case k == 24:
						u := l.UpgradableRead()
						read(u.Get())
						w := u.Upgrade()
						write(w.Ptr())
						w.Unlock()
					case k == 25:
						u := l.UpgradableRead()
						if w, err := u.TryUpgrade(); err == nil {
							write(w.Ptr())
							w.Unlock()
						} else {
							u.Downgrade().Unlock()
						}
					case k == 26:
						if g, err := l.WriteTimeout(10 * time.Microsecond); err == nil {
							write(g.Ptr())
							g.Unlock()
						}
					case k == 27:
						if g, err := l.ReadTimeout(10 * time.Microsecond); err == nil {
							read(g.Get())
							g.Unlock()
						}
					default:
						if g, err := l.TryRead(); err == nil {
							read(g.Get())
							g.Unlock()
						}
					}
				}
			})
		}
		all.Wait()
		if got, want := *l.GetMut(), *writes.GetMut(); got != [2]int{want, want} {
			t.Errorf("%v: %v after %d writes", p, got, want)
		}
	}
}
