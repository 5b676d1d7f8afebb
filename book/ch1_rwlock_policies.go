package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// RWLockPolicies lets a reader and then a writer queue up behind a writer: which of
// the two comes next is the lock's policy.
func RWLockPolicies(ctx context.Context, _ io.Reader, out *Stdout) {
	for _, policy := range []lock.Policy{lock.Fair, lock.WriterPreferring, lock.ReaderPreferring} {
		l := lock.NewRWLock([]string(nil), policy)
		var readerSaw int // how many writers were before it
		first := l.Write()
		thread.Scope(func(s *thread.ScopeHandle) { //fearless:ignore held the others are to wait
			s.Go(func() {
				l.WithRead(func(v []string) { readerSaw = len(v) })
			})
			sleep(ctx, time.Second) // the reader is waiting now
			s.Go(func() {
				l.WithWrite(func(v *[]string) { *v = append(*v, "second writer") })
			})
			sleep(ctx, time.Second) // and the writer behind it
			first.Unlock()
		})
		next := "reader"
		if readerSaw > 0 {
			next = "second writer"
		}
		fmt.Fprintf(out, "%v: next is the %s\n", policy, next)
	}
}
