//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package lock_test

import (
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// In a traceback a wait has the reason that doc.go promises, whichever call it is of.
func TestTracebackSaysWhatIsWaitedFor(t *testing.T) {
	const mutex, read, write, end, other = "[sync.Mutex.Lock", "[sync.RWMutex.RLock", "[sync.RWMutex.Lock", "[sync.WaitGroup.Wait", "[sync.Cond.Wait"
	for _, c := range []struct {
		name   string
		reason string
		begin  func() (wait, free func())
	}{
		{"Mutex.Lock", mutex, func() (func(), func()) { m := lock.NewMutex(0); return func() { m.Lock() }, m.Lock().Unlock }},
		{"Mutex.LockTimeout", mutex, func() (func(), func()) {
			m := lock.NewMutex(0)
			return func() { _, _ = m.LockTimeout(time.Hour) }, m.Lock().Unlock
		}},
		{"RWLock.Read", read, func() (func(), func()) { l := lock.NewRWLock(0); return func() { l.Read() }, l.Write().Unlock }},
		{"RWLock.ReadRecursive", read, func() (func(), func()) {
			l := lock.NewRWLock(0)
			return func() { l.ReadRecursive() }, l.Write().Unlock
		}},
		{"RWLock.Write", write, func() (func(), func()) { l := lock.NewRWLock(0); return func() { l.Write() }, l.Read().Unlock }},
		{"RWLock.UpgradableRead", write, func() (func(), func()) {
			l := lock.NewRWLock(0)
			return func() { l.UpgradableRead() }, l.UpgradableRead().Unlock
		}},
		{"UpgradableGuard.Upgrade", write, func() (func(), func()) {
			l := lock.NewRWLock(0)
			return func() { l.UpgradableRead().Upgrade() }, l.Read().Unlock
		}},
		{"JoinHandle.Join", end, func() (func(), func()) {
			stop := make(chan int)
			h := thread.Go(func() { <-stop })
			return func() { h.Join() }, func() { close(stop) }
		}},
		{"Scope", end, func() (func(), func()) {
			stop := make(chan int)
			return func() { thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { <-stop }) }) }, func() { close(stop) }
		}},
		{"Condvar.Wait", other, func() (func(), func()) {
			m, c := lock.NewMutex(0), new(lock.Condvar)
			return func() { c.Wait(m.Lock()) }, c.NotifyAll
		}},
		{"Once.Wait", other, func() (func(), func()) { o := new(lock.Once); return o.Wait, func() { o.Do(func() {}) } }},
		{"OnceLock.Wait", other, func() (func(), func()) {
			l := new(lock.OnceLock[int])
			return func() { l.Wait() }, func() { l.Set(1) }
		}},
		{"Barrier.Wait", other, func() (func(), func()) {
			b := lock.NewBarrier(2)
			return func() { b.Wait() }, func() { b.Wait() }
		}},
		{"Park", other, func() (func(), func()) {
			var me *thread.Thread
			got := make(chan int)
			return func() { me = thread.Current(); close(got); thread.Park() }, func() { <-got; me.Unpark() }
		}},
	} {
		if c.reason == end && pprof.Lookup("goroutineleak") != nil {
			c.reason = other // in test binaries, where the runtime looks for leaks
		}
		wait, free := c.begin()
		number := make(chan thread.ThreadID)
		done := make(chan int)
		go func() {
			defer close(done)
			number <- thread.Current().ID()
			wait()
		}()
		header := strings.Replace((<-number).String(), "ThreadId(", "goroutine ", 1)
		header = strings.TrimSuffix(header, ")") + " " + c.reason
		// It ends when the goroutine sleeps; another reason is told by the test's time limit.
		for text := make([]byte, 1<<20); !strings.Contains(string(text[:runtime.Stack(text, true)]), header); {
			runtime.Gosched()
		}
		free()
		<-done
		t.Log(c.name, c.reason)
	}
}
