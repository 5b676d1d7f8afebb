package runtime

import _ "unsafe" // for go:linkname

// In which order the goroutines came to each object, as one number: what one
// schedule did, to be compared with others of the same test.
//
// Each object has a hash of who did what to it, in order; two reads in a row
// commute. An object is named by who came to it first, and at which of its
// steps, so that addresses do not matter, nor in which order objects are visited
// that have nothing to do with each other. The number is the sum over all objects.
//
// So schedules that differ only in the order of independent operations have the
// same number, up to this: all selects count as one object, for which cases
// they look at is not told; steps of a goroutine that alone can run are not
// looked at; memory that is freed and used again is one object; and what is
// beyond the table's size is one object, too. Each of these can only make equal
// ones differ, but for the second and collisions of the hash. What a timer or a
// random number decides shows only in what the goroutines do after it.

// fearlessObjects is how many objects a schedule may have for itself.
const fearlessObjects = 1 << 10

type fearlessOrder struct {
	addr      uintptr
	iteration uint64
	name      uint64
	hash      uint64
	reads     uint64 // since the last operation that is none
}

var fearlessOrders struct {
	table [fearlessObjects]fearlessOrder
	used  [fearlessObjects]uint16
	n     int
	rest  fearlessOrder
}

// fearlessOrdered notes that gp does op to addr.
func fearlessOrdered(gp *g, op Op, addr uintptr) {
	o := &fearlessOrders
	iteration := uint64(fearless.iteration)
	if o.rest.iteration != iteration {
		o.rest, o.n = fearlessOrder{iteration: iteration}, 0
	}
	e := &o.rest
	for probe := uintptr(Mix(uint64(addr))); o.n < fearlessObjects*3/4; probe++ {
		i := probe % fearlessObjects
		if e = &o.table[i]; e.iteration != iteration {
			*e = fearlessOrder{addr: addr, iteration: iteration, name: Mix(uint64(gp.fearless.id)<<32 + uint64(gp.fearless.done))}
			o.used[o.n] = uint16(i)
			o.n++
			break
		}
		if e.addr == addr {
			break
		}
	}
	who := Mix(uint64(gp.fearless.id)<<8 + uint64(op))
	if op == OpRead {
		e.reads += Mix(e.hash + who)
		return
	}
	e.hash = Mix(e.hash + e.reads + who)
	e.reads = 0
}

// fearlessBehaviour returns the number of the iteration that has ended.
//
//go:linkname fearlessBehaviour testing.fearlessBehaviour
func fearlessBehaviour() uint64 {
	o := &fearlessOrders
	if o.rest.iteration != uint64(fearless.iteration) {
		return 0 // nothing was done
	}
	sum := Mix(o.rest.hash + o.rest.reads)
	for _, i := range o.used[:o.n] {
		e := &o.table[i]
		sum += Mix(e.name + Mix(e.hash+e.reads))
	}
	return sum
}
