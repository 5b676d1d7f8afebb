// Package leak flags goroutines that wait on a channel that nobody will ever serve.
//
// Rust: a dropped Receiver (SendError), which Go's channels do not have
//
// Confidence: may, assumed that the branches on the way can come out so
//
// A goroutine that waits for good keeps its stack and all it points to, and no
// collector takes it away. In Rust a send to a channel whose receiver is gone
// fails; in Go it waits. Reported are
//
//   - a send to a channel that has no room for it, where the function that
//     receives can return without: at a timeout, a cancelled context, an error;
//   - a send to a channel from which only workers receive that all end at their
//     first error;
//   - a receive or a range loop for which no send or close is left: the
//     channel is never closed, or the goroutine returns before it sends;
//   - a Wait for a goroutine that waits to be received from first;
//   - a channel in a field that the package only sends to, or only receives from;
//   - a send to a channel in a field whose one receiver can choose to end instead;
//   - a goroutine that never ends, of an object that has a Close method (io.Closer);
//   - a goroutine of a closed program, one whose every call is known, that some
//     interleaving leaves waiting for a channel, a WaitGroup or a Cond;
//   - a context whose cancel function is kept where nobody reads it, while a
//     goroutine waits for its Done, or dropped with the result of a call.
//
// Only channels whose every use is known are judged: made by the function, or
// kept in an unexported field, and handed to nothing but what can be followed.
// A buffer that has room for every send is no leak. The end of main and of a
// test ends no more than the program does, so what is left then is not reported.
//
// # Wrong
//
//	res := make(chan error)
//	go func() { res <- f() }() // waits forever if the time is over
//	select {
//	case err := <-res:
//		return err
//	case <-time.After(time.Second):
//		return errTimeout
//	}
//
// # Right
//
//	res := make(chan error, 1)
//	go func() { res <- f() }()
//	select {
//	case err := <-res:
//		return err
//	case <-time.After(time.Second):
//		return errTimeout
//	}
package leak
