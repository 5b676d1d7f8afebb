package wrappers

import "github.com/fearless-go/fearless/thread"

// The scope joins its threads, however they are started.
func scoped() int {
	n, m := 0, 0
	thread.Scope(func(s *thread.ScopeHandle) {
		thread.SpawnScoped(s, func() int { n++; return n })
		_, err := thread.SpawnScopedWith(thread.Builder{Name: "m"}, s, func() int { m++; return m })
		_ = err
	})
	return n + m
}

func sharedInScope() int {
	n := 0
	thread.Scope(func(s *thread.ScopeHandle) {
		thread.SpawnScoped(s, func() int { return n })
		_, err := thread.SpawnScopedWith(thread.Builder{Name: "m"}, s, func() int { n++; return 0 }) // want "`n` is written here"
		_ = err
	})
	return n
}
