package runtime

// What one execution leaves to the next.
//
// Every execution is to begin as the first one did, or what a proof says is not of
// one program: a test that returns early once a counter has been raised by earlier
// executions is not explored behind that. So the package variables that the code under
// test can assign to are put back to what they were before the first execution. What they point to
// in the heap is compared, as far as the limits below go, and if that has changed the
// word "proven" is taken away. To put that back, too, would be wrong of channels that are
// waited for, timers, files and whatever else the runtime knows of.
//
// Objects are compared in the order in which they are reached, so that one is looked
// at only while all that leads to it is as it was, and it cannot have been freed.
// Beyond the limits nothing is known, so that the word is taken away at once.
//
// What is kept by the distribution in variables of its own (a logger's prefix) is not
// seen here, but for GOMAXPROCS, which is ours.

import (
	"internal/goarch"
	"unsafe"
)

const (
	fearlessKeptObjects = 1 << 20
	fearlessKeptBytes   = 1 << 26
)

// A fearlessKept is a piece of memory as it was.
type fearlessKept struct {
	at, size uintptr
	copy     unsafe.Pointer // not in the heap
	root     uintptr        // the word of a variable that leads here
	theirs   bool           // that variable is the distribution's
}

var fearlessMemory struct {
	roots   []fearlessKept
	heap    []fearlessKept
	known   fearlessAddresses // of heap
	unnamed []int64
	bytes   uintptr
	alive   []unsafe.Pointer // what the variables have pointed to, for the collector
	procs   int32            // what GOMAXPROCS was
	change  uintptr          // the word of a variable that leads to something in the heap that has changed, or 0
}

// fearlessRemember has the variables kept that named says: where each lies, counted
// from the variable fearless, and its size, negative if it is the distribution's.
// unnamed says the same, in order, of memory that some variable of any package leads
// to. What lies in one such piece may belong to many, so that from the
// distribution's variables, none of which the code under test need know, it is not
// followed into: what changes there may have nothing to do with the test.
//
//go:linkname fearlessRemember testing.fearlessRemember
func fearlessRemember(named, unnamed []int64) {
	m := &fearlessMemory
	base := uintptr(unsafe.Pointer(&fearless))
	for ; len(named) >= 2; named = named[2:] {
		size := named[1]
		m.roots = append(m.roots, fearlessCopied(base+uintptr(named[0]), uintptr(max(size, -size)), 0, size < 0))
	}
	m.unnamed, m.procs = unnamed, fearlessProcs
	reached := 0
	for _, theirs := range [...]bool{false, true} {
		for i := range m.roots {
			if m.roots[i].theirs == theirs {
				fearlessReach(m.roots[i])
			}
		}
		for ; reached < len(m.heap); reached++ {
			fearlessReach(m.heap[reached])
		}
	}
}

func fearlessCopied(at, size, root uintptr, theirs bool) fearlessKept {
	k := fearlessKept{at, size, persistentalloc(size, goarch.PtrSize, &memstats.other_sys), root, theirs}
	memmove(k.copy, unsafe.Pointer(at), size)
	return k
}

// fearlessReach keeps what k points to.
func fearlessReach(k fearlessKept) {
	m := &fearlessMemory
	if s := spanOfHeap(k.at); s != nil && s.spanclass.noscan() {
		return
	}
	for at := alignUp(k.at, goarch.PtrSize); at+goarch.PtrSize <= k.at+k.size; at += goarch.PtrSize {
		p := *(*uintptr)(unsafe.Pointer(at))
		base, size := uintptr(0), uintptr(0)
		if !k.theirs {
			base, size = fearlessUnnamed(p)
		}
		if s := spanOfHeap(p); s != nil {
			base, size = s.base()+s.objIndex(p)*s.elemsize, s.elemsize
		}
		if size == 0 {
			continue
		}
		root := k.root
		if root == 0 {
			root = at
			m.alive = append(m.alive, unsafe.Pointer(base))
		}
		if m.known.has(base) || fearlessIsG(base) {
			continue
		}
		if len(m.heap) == fearlessKeptObjects || m.bytes+size > fearlessKeptBytes {
			fearlessNote(&fearlessLimited{level: fearlessSampled, what: fearlessTooMuchMemory})
			continue
		}
		m.known.add(base)
		m.bytes += size
		m.heap = append(m.heap, fearlessCopied(base, size, root, k.theirs))
	}
}

// fearlessUnnamed returns the piece of memory without a name that p points into.
func fearlessUnnamed(p uintptr) (at, size uintptr) {
	list := fearlessMemory.unnamed
	d := int64(p - uintptr(unsafe.Pointer(&fearless)))
	low, high := 0, len(list)/2 // of the pieces that begin behind p, the first
	for low < high {
		if mid := (low + high) / 2; list[2*mid] <= d {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 || d >= list[2*low-2]+list[2*low-1] {
		return 0, 0
	}
	return p - uintptr(d-list[2*low-2]), uintptr(list[2*low-1])
}

// fearlessIsG reports whether a goroutine's own data begins there, to which a channel leads
// that it waits for.
func fearlessIsG(base uintptr) bool {
	for _, gp := range allgs {
		if uintptr(unsafe.Pointer(gp)) == base {
			return true
		}
	}
	return false
}

// fearlessAddresses is a set of addresses: a hash table with linear probing, 0 where it
// is empty, at most half full.
type fearlessAddresses struct {
	table []uintptr // its length is a power of two
	n     int
}

// place is where at stands, or would.
func (s *fearlessAddresses) place(at uintptr) *uintptr {
	mask := len(s.table) - 1
	for i := int(uint64(at)*0x9e3779b97f4a7c15>>33) & mask; ; i = (i + 1) & mask {
		if p := &s.table[i]; *p == at || *p == 0 {
			return p
		}
	}
}

func (s *fearlessAddresses) has(at uintptr) bool { return s.n > 0 && *s.place(at) == at }

// add adds an address that is not there.
func (s *fearlessAddresses) add(at uintptr) {
	if 2*s.n >= len(s.table) {
		old := s.table
		s.table = make([]uintptr, max(64, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				*s.place(o) = o
			}
		}
	}
	*s.place(at) = at
	s.n++
}

// fearlessRestore puts the variables back, between two executions. If what they
// lead to in the heap has changed, that takes the word away.
//
//go:linkname fearlessRestore testing.fearlessRestore
func fearlessRestore() {
	m := &fearlessMemory
	fearlessProcs = m.procs
	for i := range m.roots {
		if k := &m.roots[i]; !memequal(unsafe.Pointer(k.at), k.copy, k.size) {
			fearlessPutBack(k)
		}
	}
	for i := range m.heap {
		if k := &m.heap[i]; m.change == 0 && !memequal(unsafe.Pointer(k.at), k.copy, k.size) {
			m.change = k.root
			fearlessNote(&fearlessLimited{level: fearlessSampled, what: fearlessChanged})
		}
	}
}

// fearlessPutBack writes k as it was: its pointers as such, for the collector may
// be at work.
func fearlessPutBack(k *fearlessKept) {
	end := k.at + k.size
	for at := k.at; at < end; {
		from := add(k.copy, at-k.at)
		if at%goarch.PtrSize != 0 || at+goarch.PtrSize > end {
			*(*byte)(unsafe.Pointer(at)) = *(*byte)(from)
			at++
			continue
		}
		old, was := *(*uintptr)(unsafe.Pointer(at)), *(*uintptr)(from)
		switch {
		case old == was:
		case writeBarrier.enabled && (spanOfHeap(old) != nil || spanOfHeap(was) != nil):
			*(*unsafe.Pointer)(unsafe.Pointer(at)) = unsafe.Pointer(was)
		default:
			*(*uintptr)(unsafe.Pointer(at)) = was
		}
		at += goarch.PtrSize
	}
}

// fearlessChangedAt says which variable leads to what has changed, as fearlessRemember's
// spans have it.
//
//go:linkname fearlessChangedAt testing.fearlessChangedAt
func fearlessChangedAt() (at int64, changed bool) {
	m := &fearlessMemory
	return int64(m.change - uintptr(unsafe.Pointer(&fearless))), m.change != 0
}

// fearlessUnkept says that the variables could not be found.
//
//go:linkname fearlessUnkept testing.fearlessUnkept
func fearlessUnkept() {
	fearlessNote(&fearlessLimited{level: fearlessSampled, what: fearlessNoSymbols})
}
