package arc

import "github.com/fearless-go/fearless/internal/ownership"

// A Leak is an [Arc] or a [Weak] that became garbage before its Drop. If it is
// an Arc, the value's own Drop or Close will never run.
type Leak struct {
	Type string // such as Arc[int]
	Made string // file:line of the New, Clone, Upgrade or Downgrade that made it
}

func (l Leak) String() string { return ownership.Leak(l).Text("arc") }

// SetLeakHook makes the garbage collector report owners that were not dropped:
// it calls hook with each Arc and Weak that became unreachable so. A nil hook
// disables it.
//
// Only owners that are made while a hook is set are watched, and their clones;
// so set it first thing in main or in TestMain. A leak is noticed some time
// after a garbage collection, never when the program ends. hook runs on a
// goroutine of the runtime: it must not block for long, nor use the channels of a
// testing/synctest bubble. A watched owner costs
// an allocation and about a microsecond.
func SetLeakHook(hook func(Leak)) {
	if hook == nil {
		leaks.Set(nil)
		return
	}
	leaks.Set(func(l ownership.Leak) { hook(Leak(l)) })
}
