package exact

import (
	"go/types"
	stdstrings "strings"
)

// atomicNative is every function and method of sync/atomic. All are
// sequentially consistent; a Store is not an observation, so it does not learn
// what the variable's last writer knew.
var atomicNative = &native{id: 5, step: always, run: (*call).atomic}

// operations are the names of what can be done atomically; a function's name
// has the type behind it.
var operations = []string{"CompareAndSwap", "Swap", "Load", "Store", "Add", "And", "Or"}

func (x *call) atomic() status {
	name := x.f.call.StaticCallee()
	if name == nil {
		stop("an atomic operation by an interface")
	}
	fn, isFunc := name.Object().(*types.Func)
	if !isFunc && name.Origin() != nil {
		fn, isFunc = name.Origin().Object().(*types.Func)
	}
	if !isFunc {
		stop("an atomic operation that is not known")
	}
	op := ""
	for _, o := range operations {
		if stdstrings.HasPrefix(fn.Name(), o) {
			op = o
			break
		}
	}
	o, off := x.s.at(x.f.args[0])
	if o == nil {
		return x.panics(x.t)
	}
	if op == "" {
		stop("an atomic operation that is not known")
	}
	return x.operate(op, o, off, resultType(x.f.args, name.Signature))
}

// resultType is the type of the variable's values: what a new one is given as,
// or what is returned.
func resultType(_ []value, sig *types.Signature) types.Type {
	if n := sig.Params().Len(); n > 0 {
		return sig.Params().At(n - 1).Type()
	}
	return sig.Results().At(0).Type()
}

func (x *call) operate(op string, o *object, off int, typ types.Type) status {
	c := &o.cells[off]
	use := func(write bool) {
		x.use(x.s, x.t, o, off, x.t.instrOf(), write, true)
		c = &o.cells[off]
	}
	old := c.val
	set := func(v value) {
		use(true)
		c.val = v
		clock := x.t.release()
		c.update().clock = clock
	}
	if op != "Store" {
		x.t.acquire(c.lookAt().clock)
	}
	args := x.f.args
	switch op {
	case "Load":
		use(false)
		return x.returns(old)
	case "Store":
		set(args[1])
		return x.returns(nil)
	case "Swap":
		set(args[1])
		return x.returns(old)
	case "CompareAndSwap":
		same, known := equal(old, args[1])
		if !known {
			stop("an atomic comparison of what is not known")
		}
		if !same {
			use(false)
			return x.returns(false)
		}
		set(args[2])
		return x.returns(true)
	}
	a, ok := old.(int64)
	b, ok2 := args[1].(int64)
	if !ok || !ok2 {
		stop("an atomic operation on what is not known")
	}
	switch op {
	case "Add":
		v := wrap(a+b, typ)
		set(v)
		return x.returns(v)
	case "And":
		set(a & b)
	case "Or":
		set(a | b)
	}
	return x.returns(old)
}
