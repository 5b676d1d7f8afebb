//go:build fearless_model

// Package access is where the library says that it reads or writes plain
// shared memory. In the default build nobody listens and a call compiles to
// nothing: the race detector sees the access itself. The model checker has to
// be told, because it orders by C11's rules and not by what the machine did.
package access

import "github.com/fearless-go/fearless/internal/engine"

// A Location stands for a variable that is not atomic: an UnsafeCell's value,
// a lock's data or what an Arc owns. The zero Location is ready.
type Location struct{ tag engine.Tag }

// Read says that this thread reads the variable now.
func (l *Location) Read() {
	if t := engine.Current(); t != nil {
		t.PlainRead(&l.tag)
	} else {
		engine.CheckForeign(&l.tag)
	}
}

// Escapes says that this thread takes the address of the variable, past any check.
func (l *Location) Escapes() {
	if t := engine.Current(); t != nil {
		t.Escapes()
	}
}

// Write says that this thread writes the variable now.
func (l *Location) Write() {
	if t := engine.Current(); t != nil {
		t.PlainWrite(&l.tag)
	} else {
		engine.CheckForeign(&l.tag)
	}
}

// While calls f with v, the variable. This thread reads it, or writes it, until f returns.
func While[T any](l *Location, write bool, f func(v *T), v *T) {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&l.tag)
		f(v)
		return
	}
	returns := false
	t.PlainBegin(&l.tag, write)
	defer func() { t.PlainEnd(&l.tag, write, returns) }()
	f(v)
	returns = true
}
