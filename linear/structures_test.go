package linear_test

import "github.com/fearless-go/fearless/atomic"

// structures_test.go has known structures over this library, each with a flag that
// breaks it in a way that was seen in the field. They run in a model and out of it.

const (
	relaxed = atomic.Relaxed
	acquire = atomic.Acquire
	release = atomic.Release
	acqRel  = atomic.AcqRel
	seqCst  = atomic.SeqCst
)

// treiber is Treiber's stack. Broken, its Pop does not look whether the head has changed.
type treiber struct {
	broken bool
	head   atomic.Ptr[treiberNode]
}

type treiberNode struct {
	value int
	next  *treiberNode
}

func (s *treiber) push(v int) {
	n := &treiberNode{value: v}
	for {
		n.next = s.head.Load(acquire)
		if _, ok := s.head.CompareExchange(n.next, n, release, relaxed); ok {
			return
		}
	}
}

func (s *treiber) pop() (int, bool) {
	for {
		n := s.head.Load(acquire)
		if n == nil {
			return 0, false
		}
		if s.broken {
			s.head.Store(n.next, release)
			return n.value, true
		}
		if _, ok := s.head.CompareExchange(n, n.next, acqRel, relaxed); ok {
			return n.value, true
		}
	}
}
