package schedtest

import (
	"testing"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

func TestObjectsOfOperations(t *testing.T) {
	names := newObjectNames()
	for _, test := range []struct {
		op     string
		event  event
		called string
		object string
		effect trace.Effect
	}{
		{"b.mu.Lock", event{op: strategy.OpLock, addr: 1}, "sync.(*Mutex).Lock", "b.mu", trace.Acquire},
		{"a.mu.Lock", event{op: strategy.OpLock, addr: 1}, "sync.(*Mutex).Lock", "b.mu", trace.Acquire},
		{"b.mu.RLock", event{op: strategy.OpLock, addr: 2}, "sync.(*RWMutex).RLock", "b.mu#2", trace.AcquireShared},
		{"b.mu.RUnlock", event{op: strategy.OpUnlock, addr: 2}, "sync.(*RWMutex).RUnlock", "b.mu#2", trace.ReleaseShared},
		{"b.mu.TryLock", event{op: strategy.OpLock, addr: 1}, "sync.(*Mutex).TryLock", "b.mu", ""},
		{"inside s.Acquire", event{op: strategy.OpLock, addr: 3}, "x/semaphore.(*Weighted).Acquire", "s", ""},
		{"c <- f.x", event{op: strategy.OpSend, addr: 4}, "", "c", trace.Send},
		{"<-c", event{op: strategy.OpRecv, addr: 4}, "", "c", trace.Receive},
		{"range c", event{op: strategy.OpRecv, addr: 4}, "", "c", trace.Receive},
		{"close(c)", event{op: strategy.OpClose, addr: 4}, "", "c", trace.Close},
		{"go left", event{op: strategy.OpGo, addr: 5}, "", "", ""},
		{"<-c or <-d", event{op: strategy.OpRecv, addr: 4}, "", "", ""},
		{"select", event{op: strategy.OpSelect}, "", "", ""},
	} {
		s := trace.Step{Op: test.op}
		names.describe(&s, test.event, test.called, sourceCalls{})
		if s.Object != test.object || s.Effect != test.effect {
			t.Errorf("%s: object %q, effect %q; want %q, %q", test.op, s.Object, s.Effect, test.object, test.effect)
		}
	}
}
