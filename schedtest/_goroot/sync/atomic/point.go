package atomic

import "unsafe"

// fearlessPoint is a scheduling point before op on the word at addr; see package runtime.
//
//go:linkname fearlessPoint
//go:noescape
func fearlessPoint(op uint8, addr unsafe.Pointer)

// Values of strategy.Op.
const (
	fearlessRead  = 9
	fearlessWrite = 10
)
