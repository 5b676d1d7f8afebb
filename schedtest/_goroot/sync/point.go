package sync

import "unsafe"

// fearlessPoint is a scheduling point before op on the object at addr; see package runtime.
//
//go:linkname fearlessPoint
//go:noescape
func fearlessPoint(op uint8, addr unsafe.Pointer)

// Values of strategy.Op.
const (
	fearlessLock   = 6
	fearlessUnlock = 7
	fearlessCond   = 8
)
