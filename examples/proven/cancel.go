package proven

import "context"

// Await returns what f does, or the reason why ctx has ended before. f goes on
// to its end in any case.
func Await(ctx context.Context, f func() int) (int, error) {
	result := make(chan int, 1) // room for the result, should nobody come for it
	go func() { result <- f() }()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
