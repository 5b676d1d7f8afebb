package marker

// NoSync as a field forbids that several threads use one value of a struct at
// once: the struct is not Sync. It may still move to another thread whole,
// unless it is NoSend too.
type NoSync struct{}
