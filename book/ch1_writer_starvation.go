package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// WriterStarvation has readers relieve one another, each coming before the last has
// gone, while a writer waits. A lock that prefers readers lets all of them pass, and
// would do so for ever; the other policies stop them at the waiting writer.
func WriterStarvation(ctx context.Context, _ io.Reader, out *Stdout) {
	const readers = 10
	for _, policy := range []lock.Policy{lock.ReaderPreferring, lock.WriterPreferring, lock.Fair} {
		l := lock.NewRWLock(0, policy)
		passed := 0
		reader := l.Read()
		thread.Scope(func(s *thread.ScopeHandle) { //fearless:ignore held the writer is to wait
			s.Go(func() {
				l.WithWrite(func(v *int) { *v++ })
			})
			sleep(ctx, time.Second) // the writer is waiting now
			for range readers {
				patience, cancel := context.WithTimeout(ctx, paced(ctx, 100*time.Millisecond))
				relief, err := l.ReadContext(patience)
				cancel()
				if err != nil {
					break // has to wait for the writer
				}
				reader.Unlock()
				reader = relief
				passed++
			}
			reader.Unlock()
		})
		fmt.Fprintf(out, "%v: %d of %d readers passed the waiting writer\n", policy, passed, readers)
	}
}
