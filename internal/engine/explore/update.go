package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// An Update describes an atomic update.
type Update struct {
	Op       graph.Op
	Arg      uint64      // operand; for OpCAS the new value
	Expected uint64      // OpCAS
	Order    graph.Order // when it takes effect
	Fail     graph.Order // OpCAS: when it does not
	Weak     bool        // OpCAS: may fail spuriously
	Width    uint8       // bits of the value: 1, 8, 16, 32, 64 (0 is 64)
	Signed   bool        // OpMax and OpMin compare as signed numbers
	Pointer  bool        // the values are pointers
}
