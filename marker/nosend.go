package marker

// NoSend as a field keeps values of a struct on the thread that made them:
// the struct is not Send. Rust has no such type; there one writes
// PhantomData<*const ()>, or "impl !Send" in a compiler of the future.
type NoSend struct{}
