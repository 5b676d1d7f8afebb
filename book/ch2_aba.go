package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// ABA has a thread prepare to pop A off a stack of A, B and C, while another
// pops A and B and pushes A again. Compare-and-exchange finds A where it was,
// takes the stack for unchanged and makes the popped B its top. A head that also
// counts its changes tells the one A from the other.
func ABA(_ context.Context, _ io.Reader, out *Stdout) {
	for _, s := range []*stack{newStack("head alone", 0), newStack("head with a count", 1<<32)} {
		fmt.Fprintf(out, "%s: the stack is %s\n", s.name, s)
		popped := s.pop(func() {
			other := thread.Go(func() {
				a := s.pop(nil)
				s.pop(nil)
				s.push(a)
			})
			unwrap(other.Join())
			fmt.Fprintf(out, "  meanwhile A and B are popped and A is pushed again: %s\n", s)
		})
		fmt.Fprintf(out, "  popped %s, and the stack is %s\n", nodes[popped:popped+1], s)
	}
}

const nodes = "-ABC" // by their numbers; 0 is no node

// A stack links numbered nodes as C's pointers would: by number.
type stack struct {
	name string
	head atomic.Uint64    // the top node in the lower half, the count of changes in the upper
	next [4]atomic.Uint64 // the node below each
	step uint64           // what a change adds to the count
}

func newStack(name string, step uint64) *stack {
	s := &stack{name: name, step: step}
	for node := uint64(3); node > 0; node-- {
		s.push(node)
	}
	return s
}

func (s *stack) push(node uint64) {
	head := s.head.Load(atomic.Relaxed)
	for {
		s.next[node].Store(top(head), atomic.Relaxed)
		found, ok := s.head.CompareExchange(head, s.changed(head, node), atomic.Release, atomic.Relaxed)
		if ok {
			return
		}
		head = found
	}
}

// pop calls meanwhile, if it is not nil, between the look at the stack and its
// first attempt to change it.
func (s *stack) pop(meanwhile func()) (node uint64) {
	head := s.head.Load(atomic.Acquire)
	for {
		below := s.next[top(head)].Load(atomic.Relaxed)
		if meanwhile != nil {
			meanwhile()
			meanwhile = nil
		}
		found, ok := s.head.CompareExchange(head, s.changed(head, below), atomic.Acquire, atomic.Acquire)
		if ok {
			return top(head)
		}
		head = found
	}
}

func top(head uint64) uint64 { return head & (1<<32 - 1) }

// changed is what a head becomes when node is the new top.
func (s *stack) changed(head, node uint64) uint64 {
	return head - top(head) + s.step + node
}

// String lists the stack from its top.
func (s *stack) String() string {
	text := ""
	for node := top(s.head.Load(atomic.Acquire)); node != 0; node = s.next[node].Load(atomic.Relaxed) {
		text += nodes[node : node+1]
	}
	return text
}
