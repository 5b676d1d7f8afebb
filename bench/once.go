package bench

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/lock"
)

func onceCases() []Case {
	pointer := Subject{By: "atomic.Pointer", New: func() func(int) {
		p := new(atomic.Pointer[int])
		p.Store(new(int))
		return func(n int) {
			sum := 0
			for range n {
				sum += *p.Load()
			}
			runtime.KeepAlive(sum)
		}
	}}
	value := Subject{By: "sync.OnceValue", New: func() func(int) {
		get := sync.OnceValue(func() int { return 1 })
		return func(n int) {
			sum := 0
			for range n {
				sum += get()
			}
			runtime.KeepAlive(sum)
		}
	}}
	targets := []Target{
		{Of: "atomic.Pointer", Most: 1.2, Limit: "It is a load, a comparison and the load of the value, inlined. That is a branch more than the pointer's, and a cycle."},
		{Of: "sync.OnceValue", Most: 0.2},
	}
	return []Case{
		{
			Name: "once/oncelock/get",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewOnceLock(1)
					return func(n int) {
						sum := 0
						for range n {
							if v, ok := l.Get(); ok {
								sum += v
							}
						}
						runtime.KeepAlive(sum)
					}
				}}, pointer, value,
			},
			Targets: targets,
		},
		{
			Name: "once/oncelock/get-or-init",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewOnceLock(1)
					return func(n int) {
						sum := 0
						for range n {
							sum += l.GetOrInit(func() int { return 2 })
						}
						runtime.KeepAlive(sum)
					}
				}}, pointer, value,
			},
			Targets: targets,
		},
		{
			Name: "once/lazylock/get",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewLazyLock(func() int { return 1 })
					l.Get()
					return func(n int) {
						sum := 0
						for range n {
							sum += l.Get()
						}
						runtime.KeepAlive(sum)
					}
				}}, pointer, value,
			},
			Targets: targets,
		},
		{
			Name: "once/do",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					o := new(lock.Once)
					return func(n int) {
						for range n {
							o.Do(func() {})
						}
					}
				}},
				{By: "sync.Once", New: func() func(int) {
					o := new(sync.Once)
					return func(n int) {
						for range n {
							o.Do(func() {})
						}
					}
				}},
			},
		},
	}
}
