package atomic

import "github.com/fearless-go/fearless/internal/word"

// Fence orders the operations of this thread before it and after it, without
// being one on any variable. o is Acquire, Release, AcqRel or SeqCst.
//
// A Release fence followed by a Relaxed store synchronizes before an Acquire
// fence that follows a Relaxed load which reads from that store (C11, 7.17.4).
//
// In the default build it costs nothing, because there every atomic operation
// is sequentially consistent already; the model checker gives it its meaning.
func Fence(o Ordering) {
	if o == Relaxed || o > SeqCst {
		panic(&OrderingError{"Fence", o, 0})
	}
	word.Fence(o.order())
}

// SpinLoop tells the processor (and the model checker) that the caller waits
// in a busy loop. It gives the processor to no other thread: after a few
// rounds a caller should call thread.YieldNow, or park. On WebAssembly, which has
// one thread and preempts nobody, it is thread.YieldNow itself.
func SpinLoop() { word.SpinLoop() }
