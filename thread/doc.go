// Package thread has Rust's threads: they are joined, they return a value, a
// panic in one is an error for who joins it, and a scope never ends before
// the threads in it.
//
//	handle := thread.Spawn(func() int { return len(expensive()) })
//	n, err := handle.Join() // err is a *thread.PanicError if expensive panicked
//
// A thread is a goroutine. What a plain go statement leaves to you, Spawn does:
//
//   - Its result comes back through [JoinHandle.Join], and no result is lost
//     to a forgotten channel.
//   - A panic ends that thread only. The panic hook prints it at once, so it is
//     never silent, even if nobody joins; Join returns it with its stack.
//   - runtime.Goexit, which t.FailNow calls, is told apart: [ErrGoexit].
//
// # Scopes
//
// [Scope] runs a function that may start threads, and returns when the
// function and all of the threads have ended, even if one of them panicked.
// So the threads can use the function's variables, as in chapter 1 of "Rust
// Atomics and Locks":
//
//	numbers := []int{1, 2, 3}
//	thread.Scope(func(s *thread.ScopeHandle) {
//		s.Go(func() { fmt.Println("length:", len(numbers)) })
//		s.Go(func() {
//			for _, n := range numbers {
//				fmt.Println(n)
//			}
//		})
//	})
//
// Passing panics on has its critics: it delays the crash, loses the stack, and
// may hang in a wait. Here the hook fires at the panic, the stack is kept, and
// with the Crash policy of [Builder] or [ScopeHandle] the process dies then and there.
//
// # Parking
//
// [Park] blocks until another goroutine calls [Thread.Unpark] on this one. An
// Unpark before the Park is kept as a token, so the wake-up cannot be lost;
// tokens do not add up. Park may return without a token, so it belongs into a
// loop that checks what it waits for:
//
//	for queue.Empty() {
//		thread.Park()
//	}
//
// # Memory ordering
//
// In the terminology of the Go memory model: a call of Spawn synchronizes
// before the start of its function; the end of the function synchronizes
// before the return of a Join, a receive from Done, an IsFinished that
// reports true, and the end of the scope. A call of Unpark synchronizes before
// the return of the Park that takes its token, also when several Unparks make
// one token. Everything blocks durably in a testing/synctest bubble.
package thread
