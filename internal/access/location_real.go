//go:build !fearless_model

// Package access is where the library says that it reads or writes plain
// shared memory. In the default build nobody listens and a call compiles to
// nothing: the race detector sees the access itself. The model checker has to
// be told, because it orders by C11's rules and not by what the machine did.
package access

// A Location stands for a variable that is not atomic: an UnsafeCell's value
// or what an Arc owns. It takes no space; the zero Location is ready.
type Location struct{}

// Read says that this thread reads the variable now.
func (*Location) Read() {}

// Escapes says that this thread takes the address of the variable, past any check.
func (*Location) Escapes() {}

// Write says that this thread writes the variable now.
func (*Location) Write() {}

// While calls f with v, the variable. This thread reads it, or writes it, until f returns.
func While[T any](_ *Location, _ bool, f func(v *T), v *T) { f(v) }
