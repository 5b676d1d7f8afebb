// Package copies copies what must not be copied.
package copies

import "github.com/fearless-go/fearless/thread"

func copies(h *thread.JoinHandle[int], s *thread.ScopedJoinHandle[int], scope *thread.ScopeHandle) {
	_ = *h     // want
	_ = *s     // want
	_ = *scope // want
}
