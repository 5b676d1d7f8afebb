// Package join flags goroutines that nobody waits for although somebody means to.
//
// Rust: must_use, E0373
//
// Confidence: may, assumed that the branches on the way can come out so
//
// It reports
//
//   - the JoinHandle of a thread that is dropped: the thread's result and its
//     panic are lost, and the program may end before the thread has;
//   - a main function that starts goroutines and returns, which ends them;
//   - WaitGroup.Add inside the goroutine that it counts: Wait may come first
//     and return at once;
//   - a goroutine that does not call WaitGroup.Done on every path, so that
//     Wait waits forever.
//
// # Wrong
//
//	var wg sync.WaitGroup
//	for _, u := range urls {
//		go func() {
//			wg.Add(1)
//			if fetch(u) != nil {
//				return // without Done
//			}
//			wg.Done()
//		}()
//	}
//	wg.Wait()
//
// # Right
//
//	var wg sync.WaitGroup
//	for _, u := range urls {
//		wg.Go(func() { fetch(u) })
//	}
//	wg.Wait()
package join
