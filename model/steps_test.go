//go:build fearless_model

package model_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// The steps of an execution say what the program does in the words of its
// source, whatever the library makes of it.
func TestStepsAreToldInTheWordsOfTheProgram(t *testing.T) {
	for name, test := range map[string]struct {
		f    func()
		want []string
	}{
		"a mutex": {func() {
			m := lock.NewMutex(0)
			u := thread.Go(func() { m.With(func(v *int) { *v++ }) })
			g := m.Lock()
			g.Unlock()
			g, err := m.TryLock()
			model.Assert(err == nil)
			g.Unlock()
			join(u)
		}, []string{`m\.Lock: locks m, Acquire`, `g\.Unlock: unlocks m, Release`, `m\.With: locks m, Acquire .*<- \d reads-from`, `m\.TryLock: does not get m, which is locked`}},
		"a mutex that is held": {func() {
			m := lock.NewMutex(0)
			u := thread.Go(func() { m.With(func(v *int) { *v++ }) })
			m.Lock()
			join(u)
		}, []string{`thread 1 waits for m at steps_test.go:\d+, which thread 0 has locked`, `m\.With: waits for m +blocked`}},
		"a poisoned mutex": {func() {
			m := lock.NewMutex(0)
			_, _ = thread.Go(func() { m.With(func(*int) { panic("half way") }) }).Join()
			m.Lock()
		}, []string{`the panic: poisons m`, `the panic: unlocks m`, `joins thread 1`}},
		"a lock for readers and writers": {func() {
			l := lock.NewRWLock(0)
			g := l.Read()
			l.Write()
			g.Unlock()
		}, []string{`thread 0 waits in l\.Write at steps_test.go:\d+`, `l\.Write: locks l\.queue`, `l\.Read: l\.\w+\.CompareExchange`}},
		"a condition variable": {func() {
			m := lock.NewMutex(0)
			var c lock.Condvar
			g := m.Lock()
			c.Wait(g)
		}, []string{`thread 0 waits in c\.Wait at`, `c\.Wait: unlocks m, Release`}},
		"a barrier": {func() {
			b := lock.NewBarrier(2)
			u := thread.Go(func() { b.Wait() })
			model.Assert(b.Wait())
			join(u)
		}, []string{`b\.Wait: makes thread 0's token available`, `b\.Wait: takes thread 0's token`}},
		"once": {func() {
			var o lock.Once
			o.Do(func() {})
			panic("end")
		}, []string{`o\.Do: o\.done\.Load\(\) Acquire = nil`, `o\.Do: unlocks o\.queue`}},
		"parking": {func() {
			main := thread.Current()
			u := thread.Go(func() { main.Unpark() })
			thread.Park()
			model.Assert(u.IsFinished())
			join(u)
		}, []string{`thread\.Park: does not wake spuriously`, `main\.Unpark: makes thread 0's token available, Release`, `thread\.Park: takes thread 0's token`, `u\.IsFinished: finds that thread 1 has not ended`}},
		"a limit": {func() {
			u := thread.Go(func() {})
			_, err := u.JoinTimeout(time.Second)
			model.Assert(err == nil)
		}, []string{`u\.JoinTimeout: finds that thread 1 has not ended`}},
		"an Arc": {func() {
			a := arc.New(1)
			w := a.Downgrade()
			a.Drop()
			_, ok := w.Upgrade()
			model.Assert(ok)
		}, []string{`arc\.New: a\.strong\.Store\(1\)`, `a\.Downgrade: a\.weak\.CompareExchange\(0, 1\)`, `w\.Upgrade: a\.strong\.Load\(\) Relaxed = 0`}},
		"values as their types have them": {func() {
			var i atomic.Int8
			var u atomic.Uint8
			var b atomic.Bool
			i.Store(-1, relaxed)
			u.Store(255, relaxed)
			u.FetchSub(1, relaxed)
			i.FetchMax(3, relaxed)
			b.Store(true, relaxed)
			b.FetchXor(true, relaxed)
			u.FetchUpdate(relaxed, relaxed, func(v uint8) (uint8, bool) { return v + 2, true })
			panic("end")
		}, []string{`i\.Store\(-1\)`, `u\.Store\(255\)`, `u\.FetchSub\(1\) Relaxed = 255`, `i\.FetchMax\(3\) Relaxed = -1`, `b\.Store\(true\)`, `b\.FetchXor\(true\) Relaxed = true`, `u\.FetchUpdate: u\.CompareExchange\(254, 0\) Relaxed = 254`}},
		"two objects on a line": {func() {
			var c cell.UnsafeCell[int]
			var ready, other atomic.Bool
			u := thread.Go(func() { c.WithMut(func(p *int) { *p = 1 }); ready.Store(true, relaxed); other.Store(true, relaxed) })
			if ready.Load(acquire) && other.Load(relaxed) {
				c.With(func(*int) {})
			}
			join(u)
		}, []string{`data race on c:`, `the store to ready at`, `ready\.Store\(true\)`, `other\.Store\(true\)`, `other\.Load\(\)`}},
	} {
		r := model.Explore(test.f)
		if r.Failure == nil {
			t.Errorf("%s: no failure", name)
			continue
		}
		var text strings.Builder
		if err := r.Failure.WriteText(&text); err != nil {
			t.Error(err)
		}
		for _, want := range test.want {
			if !regexp.MustCompile(want).MatchString(text.String()) {
				t.Errorf("%s: no %q in\n%s", name, want, &text)
			}
		}
	}
}
