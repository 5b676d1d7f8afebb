package atomic

import (
	"internal/race"
	"unsafe"
)

// fearlessPoint is a scheduling point before op on the word at addr; see package
// runtime. It is inlined. Under the race detector its counter would be an access
// of every goroutine to one variable.
func fearlessPoint(op uint8, addr unsafe.Pointer) {
	if !race.Enabled && fearlessAlone != 0 {
		fearlessAlone--
		return
	}
	fearlessStop(op, addr)
}

//go:linkname fearlessAlone runtime.fearlessAlone
var fearlessAlone uint64

//go:linkname fearlessStop
//go:noescape
func fearlessStop(op uint8, addr unsafe.Pointer)

// Values of strategy.Op.
const (
	fearlessRead  = 9
	fearlessWrite = 10
)
