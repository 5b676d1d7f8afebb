package book

// unwrap returns v, and panics with err if there is one: the unwrap that ends
// so many lines of the book.
func unwrap[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// catchUnwind calls f and returns what it panicked with, or nil: Rust's
// std::panic::catch_unwind.
func catchUnwind(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// popFront takes the first item off the queue q: VecDeque::pop_front.
func popFront[T any](q *[]T) (item T, ok bool) {
	if len(*q) == 0 {
		return item, false
	}
	item = (*q)[0]
	*q = (*q)[1:]
	return item, true
}
