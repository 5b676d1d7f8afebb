package atomic

import (
	"internal/race"
	"unsafe"
)

// fearlessWord is a scheduling point before an operation on the word at addr of so
// many bytes; see package runtime. op is fearlessRead or fearlessWrite.
func fearlessWord(op uint8, addr unsafe.Pointer, size uint8) {
	if !race.Enabled && fearlessAlone != 0 {
		fearlessAlone--
		return
	}
	fearlessWordStop(op, addr, size)
}

func fearlessWordStop(op uint8, addr unsafe.Pointer, size uint8) {
	switch {
	case !fearlessProving:
		fearlessStop(op, addr)
	case op == fearlessRead:
		fearlessProveWord(fearlessLoad, addr, size, 0)
	default:
		fearlessProveWord(fearlessStore, addr, size, 0)
	}
}

// fearlessCompare is a scheduling point before a compare-and-swap, which fails
// unless the word is old.
func fearlessCompare(addr unsafe.Pointer, size uint8, old uint64) {
	if !race.Enabled && fearlessAlone != 0 {
		fearlessAlone--
		return
	}
	if fearlessProving {
		fearlessProveWord(fearlessCAS, addr, size, old)
	} else {
		fearlessStop(fearlessWrite, addr)
	}
}

// fearlessExchange is a scheduling point before a swap, which stores new.
func fearlessExchange(addr unsafe.Pointer, size uint8, new uint64) {
	if !race.Enabled && fearlessAlone != 0 {
		fearlessAlone--
		return
	}
	if fearlessProving {
		fearlessProveWord(fearlessSwap, addr, size, new)
	} else {
		fearlessStop(fearlessWrite, addr)
	}
}

//go:linkname fearlessProving runtime.fearlessProving
var fearlessProving bool

//go:linkname fearlessProveWord
//go:noescape
func fearlessProveWord(what uint8, addr unsafe.Pointer, size uint8, old uint64)

// Events of package runtime.
const (
	fearlessLoad  = 26
	fearlessStore = 27
	fearlessCAS   = 28
	fearlessSwap  = 41
)
