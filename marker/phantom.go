package marker

// PhantomData as a field makes a struct Send and Sync as if it held a T. Use
// it in a type that owns Ts somewhere the compiler cannot see, such as behind
// an unsafe.Pointer or an index into an arena.
type PhantomData[T any] struct{}
