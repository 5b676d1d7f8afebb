// Package channel flags operations that panic: sends to a closed channel, a second close, a WaitGroup that is miscounted, t.Log after the test.
//
// Rust: E0382 (a Sender that is dropped cannot be used; a thread is counted by its handle)
//
// Confidence: may, assumed that the branches on the way can come out so
//
// It reports
//
//   - a send to a channel, or a close of it, behind a close on the same way
//     through one function, also in what it calls, in what it defers and in the
//     next round of a loop that closes in each;
//   - a method that looks whether a channel is closed and then closes it, of a
//     type that has a lock, with nothing that keeps two calls apart;
//   - a close by the goroutine that receives while another may still send;
//   - WaitGroup.Add that comes after the goroutine which calls Done has been
//     started, or after the job that it counts has been handed over;
//   - WaitGroup.Wait in a loop that starts the goroutines which it waits for;
//   - in a closed program, one whose every call is known: whatever of this some
//     interleaving leads to, and a WaitGroup that is counted below zero;
//   - a test that returns while a goroutine that logs to it may still run.
//
// Two goroutines of which one closes and one sends are reported by rule share.
//
// # Wrong
//
//	for _, job := range jobs {
//		queue <- job
//		wg.Add(1) // the worker may have called Done by now
//	}
//	wg.Wait()
//	close(queue)
//	queue <- last // panics
//
// # Right
//
//	for _, job := range jobs {
//		wg.Add(1)
//		queue <- job
//	}
//	wg.Wait()
//	close(queue)
package channel
