package lock

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/word"
)

// inlinable makes the methods of the generic types here small enough for the
// compiler to inline. A user's package that instantiates Mutex[int] compiles
// them anew, and it has the bodies of the functions that they call, of other
// packages, only if this package inlines those outside generic code (exportBody
// in cmd/compile/internal/noder). Without a body an empty function costs a call.
func inlinable(at *access.Location, w *word.Uint32) {
	_ = w.Enter(rwReader) && w.Leave(rwLeave)
	at.Read()
	at.Write()
	if h := checked.NewHandle(); h.Live() {
		h.End()
	}
}

var _ = inlinable
