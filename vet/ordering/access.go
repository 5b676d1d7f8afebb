package ordering

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// Memory orderings, in the numbering of package atomic.
const (
	relaxed = iota
	acquire
	release
	acqRel
	seqCst
)

var orderingNames = [...]string{"Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"}

// A kind is what an atomic operation does.
type kind int

const (
	load kind = iota
	store
	readModifyWrite
	compareExchange
	fence
)

// An access is an atomic operation.
type access struct {
	call    *ssa.Call
	kind    kind
	name    string
	target  lockset.Path
	address ssa.Value
	value   ssa.Value // what a store stores
	delta   ssa.Value // of an addition
	// orders are the orderings given, -1 for one that is not constant. Those
	// of package sync/atomic are sequentially consistent.
	orders  []int
	library bool // of this project's package atomic
}

// accessOf returns the atomic operation that call is. It reports false if it is none.
func accessOf(call *ssa.Call) (access, bool) {
	f := api.CalleeOf(&call.Call)
	args := call.Call.Args
	a := access{call: call, name: f.Name, library: f.Pkg == api.Atomic}
	switch {
	case f.Pkg == api.Atomic && f.Recv == "" && f.Name == "Fence":
		a.kind = fence
		a.orders = orders(args)
		return a, true
	case f.Pkg == api.Atomic && f.Recv != "" && f.Recv != "Ordering" && len(args) > 0:
		args, a.orders = args[:len(args)-len(orders(args))], orders(args)
	case f.Pkg == "sync/atomic" && len(args) > 0:
		if f.Recv == "Value" {
			return access{}, false
		}
	default:
		return access{}, false
	}
	a.target, a.address = lockset.Resolve(args[0]), args[0]
	switch name := f.Name; {
	case strings.HasPrefix(name, "Load"):
		a.kind = load
	case strings.HasPrefix(name, "Store"):
		a.kind = store
		a.value = args[1]
	case strings.HasPrefix(name, "CompareAndSwap"), strings.HasPrefix(name, "CompareExchange"):
		a.kind = compareExchange
	case strings.HasPrefix(name, "Add"), name == "FetchAdd":
		a.kind = readModifyWrite
		a.delta = args[1]
	case strings.HasPrefix(name, "Fetch"), strings.HasPrefix(name, "Swap"), strings.HasPrefix(name, "And"), strings.HasPrefix(name, "Or"):
		a.kind = readModifyWrite
	default:
		return access{}, false
	}
	return a, true
}

// orders returns the orderings among args.
func orders(args []ssa.Value) []int {
	var out []int
	for _, arg := range args {
		if api.TypeOf(arg.Type()) != (api.Type{Pkg: api.Atomic, Name: "Ordering"}) {
			continue
		}
		if _, pointer := arg.Type().(*types.Pointer); pointer {
			continue
		}
		o := -1
		if c, ok := arg.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
			if v := int(c.Int64()); v >= 0 && v < len(orderingNames) {
				o = v
			}
		}
		out = append(out, o)
	}
	return out
}

// order returns the ordering of a load or store; -1 if it is not known.
func (a access) order() int {
	if !a.library {
		return seqCst
	}
	if len(a.orders) == 0 {
		return -1
	}
	return a.orders[0]
}
