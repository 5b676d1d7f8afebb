//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package lock_test

import (
	"context"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// profiled are waits of every kind. Each function is where the wait begins, or, of
// the second list, where a lock is unlocked that was waited for.
var profiled = map[string]func(){
	"profileMutex":       profileMutex,
	"profileMutexLimit":  profileMutexLimit,
	"profileRead":        profileRead,
	"profileWrite":       profileWrite,
	"profileUpgradable":  profileUpgradable,
	"profileUpgrade":     profileUpgrade,
	"profileCondvar":     profileCondvar,
	"profileOnce":        profileOnce,
	"profileBarrier":     profileBarrier,
	"profileJoin":        profileJoin,
	"profileScope":       profileScope,
	"profilePark":        profilePark,
	"profileMutexUnlock": func() {}, // see profileMutex
	"profileWriteUnlock": func() {}, // see profileRead
}

// aWhile is long enough that who waits has begun to. If it has not, on a machine
// that is very busy, there is another round.
const aWhile = 2 * time.Millisecond

func profileMutex() {
	m := lock.NewMutex(0)
	g := m.Lock()
	holder := thread.Go(func() { profileMutexUnlock(g) })
	m.Lock().Unlock()
	holder.Join()
}

func profileMutexUnlock(g lock.Guard[int]) { time.Sleep(aWhile); g.Unlock() }

func profileMutexLimit() {
	m := lock.NewMutex(0)
	g := m.Lock()
	defer g.Unlock()
	_, _ = m.LockTimeout(aWhile)
}

func profileRead() {
	l := lock.NewRWLock(0)
	w := l.Write()
	holder := thread.Go(func() { profileWriteUnlock(w) })
	l.Read().Unlock()
	holder.Join()
}

func profileWriteUnlock(g lock.WriteGuard[int]) { time.Sleep(aWhile); g.Unlock() }

func profileWrite() {
	l := lock.NewRWLock(0)
	r := l.Read()
	holder := thread.Go(func() { time.Sleep(aWhile); r.Unlock() })
	l.Write().Unlock()
	holder.Join()
}

func profileUpgradable() {
	l := lock.NewRWLock(0)
	u := l.UpgradableRead()
	holder := thread.Go(func() { time.Sleep(aWhile); u.Unlock() })
	l.UpgradableRead().Unlock()
	holder.Join()
}

func profileUpgrade() {
	l := lock.NewRWLock(0)
	r := l.Read()
	holder := thread.Go(func() { time.Sleep(aWhile); r.Unlock() })
	l.UpgradableRead().Upgrade().Unlock()
	holder.Join()
}

func profileCondvar() {
	m, c := lock.NewMutex(0), new(lock.Condvar)
	g := m.Lock()
	defer g.Unlock()
	c.WaitTimeout(g, aWhile)
}

func profileOnce()    { _ = new(lock.Once).WaitTimeout(aWhile) }
func profileBarrier() { _, _ = lock.NewBarrier(2).WaitTimeout(aWhile) }
func profileJoin()    { thread.Go(func() { time.Sleep(aWhile) }).Join() }
func profileScope() {
	thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { time.Sleep(aWhile) }) })
}
func profilePark() { thread.ParkTimeout(aWhile) }

// soon calls f when whoever waits for that has begun to.
func soon(f func()) {
	go func() { time.Sleep(aWhile); f() }()
}

func briefly() (ctx context.Context, cancel func()) {
	return context.WithTimeout(context.Background(), aWhile)
}

// profiledCalls is every other call that can wait, each in a function of its own, by
// whose name it is found.
var profiledCalls = map[string]func(){
	"Mutex.LockResult":  func() { m := lock.NewMutex(0); soon(m.Lock().Unlock); m.LockResult() },
	"Mutex.LockContext": func() { m := lock.NewMutex(0); m.Lock(); ctx, end := briefly(); defer end(); m.LockContext(ctx) },
	"Mutex.With":        func() { m := lock.NewMutex(0); soon(m.Lock().Unlock); m.With(func(*int) {}) },
	"WithResult": func() {
		m := lock.NewMutex(0)
		soon(m.Lock().Unlock)
		lock.WithResult(m, func(*int) (int, error) { return 0, nil })
	},
	"Mutex.Unpoisoned": func() { m := lock.NewMutex(0).Unpoisoned(); soon(m.Lock().Unlock); m.Lock() },

	"RWLock.ReadResult":           func() { l := lock.NewRWLock(0); soon(l.Write().Unlock); l.ReadResult() },
	"RWLock.ReadTimeout":          func() { l := lock.NewRWLock(0); l.Write(); l.ReadTimeout(aWhile) },
	"RWLock.ReadContext":          func() { l := lock.NewRWLock(0); l.Write(); ctx, end := briefly(); defer end(); l.ReadContext(ctx) },
	"RWLock.ReadRecursive":        func() { l := lock.NewRWLock(0); soon(l.Write().Unlock); l.ReadRecursive() },
	"RWLock.ReadRecursiveTimeout": func() { l := lock.NewRWLock(0); l.Write(); l.ReadRecursiveTimeout(aWhile) },
	"RWLock.WithRead":             func() { l := lock.NewRWLock(0); soon(l.Write().Unlock); l.WithRead(func(int) {}) },
	"RWLock.WriteResult":          func() { l := lock.NewRWLock(0); soon(l.Read().Unlock); l.WriteResult() },
	"RWLock.WriteTimeout":         func() { l := lock.NewRWLock(0); l.Read(); l.WriteTimeout(aWhile) },
	"RWLock.WriteContext":         func() { l := lock.NewRWLock(0); l.Read(); ctx, end := briefly(); defer end(); l.WriteContext(ctx) },
	"RWLock.WithWrite":            func() { l := lock.NewRWLock(0); soon(l.Read().Unlock); l.WithWrite(func(*int) {}) },
	"RWLock.UpgradableReadResult": func() { l := lock.NewRWLock(0); soon(l.Write().Unlock); l.UpgradableReadResult() },
	"RWLock.UpgradableReadTimeout": func() {
		l := lock.NewRWLock(0)
		l.UpgradableRead()
		l.UpgradableReadTimeout(aWhile)
	},
	"RWLock.UpgradableReadContext": func() {
		l := lock.NewRWLock(0)
		l.UpgradableRead()
		ctx, end := briefly()
		defer end()
		l.UpgradableReadContext(ctx)
	},
	"UpgradableGuard.UpgradeTimeout": func() { l := lock.NewRWLock(0); l.Read(); u := l.UpgradableRead(); u.UpgradeTimeout(aWhile) },
	"UpgradableGuard.UpgradeContext": func() {
		l := lock.NewRWLock(0)
		l.Read()
		ctx, end := briefly()
		defer end()
		l.UpgradableRead().UpgradeContext(ctx)
	},
	"UpgradableGuard.WithUpgraded": func() {
		l := lock.NewRWLock(0)
		soon(l.Read().Unlock)
		l.UpgradableRead().WithUpgraded(func(*int) {})
	},
	"UpgradableGuard.WithUpgradedTimeout": func() {
		l := lock.NewRWLock(0)
		l.Read()
		l.UpgradableRead().WithUpgradedTimeout(aWhile, func(*int) {})
	},

	"Condvar.Wait": func() { c := new(lock.Condvar); soon(c.NotifyAll); c.Wait(lock.NewMutex(0).Lock()) },
	"Condvar.WaitWhile": func() {
		c, waits := new(lock.Condvar), true
		m := lock.NewMutex(0)
		soon(func() { m.With(func(*int) { waits = false }); c.NotifyAll() })
		c.WaitWhile(m.Lock(), func() bool { return waits })
	},
	"Condvar.WaitTimeoutWhile": func() {
		new(lock.Condvar).WaitTimeoutWhile(lock.NewMutex(0).Lock(), aWhile, func() bool { return true })
	},
	"Condvar.WaitContext": func() {
		ctx, end := briefly()
		defer end()
		new(lock.Condvar).WaitContext(ctx, lock.NewMutex(0).Lock())
	},
	"Condvar.WaitContextWhile": func() {
		ctx, end := briefly()
		defer end()
		new(lock.Condvar).WaitContextWhile(ctx, lock.NewMutex(0).Lock(), func() bool { return true })
	},

	"Once.Wait":             func() { o := new(lock.Once); soon(func() { o.Do(func() {}) }); o.Wait() },
	"Once.WaitContext":      func() { ctx, end := briefly(); defer end(); new(lock.Once).WaitContext(ctx) },
	"Once.WaitForce":        func() { o := new(lock.Once); soon(func() { o.Do(func() {}) }); o.WaitForce() },
	"Once.WaitForceTimeout": func() { new(lock.Once).WaitForceTimeout(aWhile) },
	"Once.WaitForceContext": func() { ctx, end := briefly(); defer end(); new(lock.Once).WaitForceContext(ctx) },
	"Once.Do": func() {
		o, runs := new(lock.Once), make(chan int)
		go o.Do(func() { close(runs); time.Sleep(aWhile) })
		<-runs
		o.Do(func() {})
	},
	"OnceLock.Wait":        func() { l := new(lock.OnceLock[int]); soon(func() { l.Set(1) }); l.Wait() },
	"OnceLock.WaitTimeout": func() { new(lock.OnceLock[int]).WaitTimeout(aWhile) },
	"OnceLock.WaitContext": func() { ctx, end := briefly(); defer end(); new(lock.OnceLock[int]).WaitContext(ctx) },
	"OnceLock.GetOrInit": func() {
		l, runs := new(lock.OnceLock[int]), make(chan int)
		go l.GetOrInit(func() int { close(runs); time.Sleep(aWhile); return 1 })
		<-runs
		l.GetOrInit(func() int { return 2 })
	},
	"LazyLock.Get": func() {
		runs := make(chan int)
		l := lock.NewLazyLock(func() int { close(runs); time.Sleep(aWhile); return 1 })
		go l.Get()
		<-runs
		l.Get()
	},

	"Barrier.Wait":        func() { b := lock.NewBarrier(2); soon(func() { b.Wait() }); b.Wait() },
	"Barrier.WaitContext": func() { ctx, end := briefly(); defer end(); lock.NewBarrier(2).WaitContext(ctx) },

	"JoinHandle.JoinTimeout": func() {
		stop := make(chan int)
		defer close(stop)
		thread.Go(func() { <-stop }).JoinTimeout(aWhile)
	},
	"JoinHandle.JoinContext": func() {
		stop := make(chan int)
		defer close(stop)
		ctx, end := briefly()
		defer end()
		thread.Go(func() { <-stop }).JoinContext(ctx)
	},
	"JoinSet.JoinNext": func() {
		s := new(thread.JoinSet[int])
		s.Spawn(func() int { time.Sleep(aWhile); return 1 })
		s.JoinNext()
	},
	"JoinSet.JoinNextTimeout": func() {
		stop, s := make(chan int), new(thread.JoinSet[int])
		defer close(stop)
		s.Spawn(func() int { <-stop; return 1 })
		s.JoinNextTimeout(aWhile)
	},
	"ScopeContext": func() {
		thread.ScopeContext(context.Background(), func(_ context.Context, s *thread.ScopeHandle) { s.Go(func() { time.Sleep(aWhile) }) })
	},
	"ScopeErr": func() {
		thread.ScopeErr(context.Background(), func(_ context.Context, s *thread.ErrScopeHandle) error {
			s.Go(func() error { time.Sleep(aWhile); return nil })
			return nil
		})
	},
	"Park":        func() { soon(thread.Current().Unpark); thread.Park() },
	"ParkContext": func() { ctx, end := briefly(); defer end(); thread.ParkContext(ctx) },
}

// TestProfiles starts a process with the profiles on, and one with the block
// profile alone, and reads what they have recorded.
func TestProfiles(t *testing.T) {
	if on := os.Getenv("FEARLESS_PROFILES"); on != "" {
		profiledProcess(t, on)
		return
	}
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	for _, on := range []string{"both", "block"} {
		process := exec.Command(os.Args[0], "-test.run=^TestProfiles$", "-test.v")
		process.Env = append(os.Environ(), "FEARLESS_PROFILES="+on)
		if out, err := process.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", on, err, out)
		}
	}
}

func profiledProcess(t *testing.T, on string) {
	runtime.SetBlockProfileRate(1)
	if on == "both" {
		runtime.SetMutexProfileFraction(1)
	}
	var block, mutex string
	for range 20 {
		for _, wait := range profiled {
			wait()
		}
		for _, wait := range profiledCalls {
			wait()
		}
		block, mutex = profileText("block"), profileText("mutex")
		missing := ""
		for name := range profiled {
			unlocks := strings.HasSuffix(name, "Unlock")
			if !unlocks && !strings.Contains(block, "lock_test."+name+"+") {
				missing += name + " "
			}
			if unlocks && on == "both" && !strings.Contains(mutex, "lock_test."+name+"+") {
				missing += name + " "
			}
		}
		for name, wait := range profiledCalls {
			if f := runtime.FuncForPC(reflect.ValueOf(wait).Pointer()); !strings.Contains(block, f.Name()+"+") {
				missing += name + " "
			}
		}
		sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
		metrics.Read(sample)
		if missing == "" && sample[0].Value.Float64() > 0 {
			return
		}
		t.Logf("not recorded: %s; %v s of waiting for locks", missing, sample[0].Value.Float64())
	}
	t.Errorf("block profile:\n%s\nmutex profile:\n%s", block, mutex)
}

func profileText(name string) string {
	var text strings.Builder
	_ = pprof.Lookup(name).WriteTo(&text, 1)
	return text.String()
}
