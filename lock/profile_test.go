//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package lock_test

import (
	"os"
	"os/exec"
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
