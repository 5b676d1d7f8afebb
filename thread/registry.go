package thread

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// threads finds the Thread of a goroutine by its number.
//
// A thread that this package started is in it from its first to its last
// instruction. Of any other goroutine, a foreign one, we do not learn when it
// ends: see foreigners.
//
// The threads that this package started are hidden from the garbage collector
// here. They are part of their handles, and with these the registry would hold
// who joins them, and the scope: to the runtime, whose goroutine leak profile
// looks who can still be woken, they would never leak, nor anything that they
// refer to.
var threads registry

const (
	shards     = 64
	recentSize = 256
	homes      = 4096
)

type registry struct {
	// home holds threads that this package started, by number: a thread
	// takes the place of its number if that is free, which costs two
	// instructions where the map of a shard costs two locks.
	home [homes]home
	// recent holds the last foreign threads that were found, by number, and makes
	// the usual Current two loads. It holds some Threads longer than needed, but
	// never more than its size.
	recent  [recentSize]atomic.Pointer[Thread]
	shard   [shards]shard
	foreign foreigners
}

// A home is the place of one thread, which alone puts itself there and takes
// itself out, and alone looks there for its own number.
type home struct {
	id     atomic.Uint64 // 0 if the place is free
	thread atomic.Uintptr
}

// A shard holds threads that found no home, by number.
type shard struct {
	mu      sync.Mutex
	threads map[uint64]hidden
	_       [64]byte // keeps neighbours out of this cache line
}

// hidden is a *Thread that keeps nothing alive. It is looked at by the Thread's
// own goroutine only, whose stack holds the Thread.
type hidden uintptr

func hide(t *Thread) hidden { return hidden(unsafe.Pointer(t)) }

func (h hidden) reveal() *Thread { return *(**Thread)(unsafe.Pointer(&h)) }

func (r *registry) at(id uint64) *shard { return &r.shard[id%shards] }

// find returns the Thread of the calling goroutine, whose number is id.
func (r *registry) find(id uint64) *Thread {
	if h := &r.home[id%homes]; h.id.Load() == id {
		return hidden(h.thread.Load()).reveal()
	}
	if t := r.recent[id%recentSize].Load(); t != nil && t.number.Load() == id {
		return t
	}
	if t := r.at(id).find(id); t != nil {
		return t
	}
	t := r.foreign.find(id)
	r.recent[id%recentSize].Store(t)
	return t
}

// add is called by the goroutine of t, whose number is id, and so is remove.
func (r *registry) add(id uint64, t *Thread) {
	if h := &r.home[id%homes]; h.id.CompareAndSwap(0, id) {
		h.thread.Store(uintptr(hide(t)))
		return
	}
	s := r.at(id)
	s.mu.Lock()
	if s.threads == nil {
		s.threads = make(map[uint64]hidden)
	}
	s.threads[id] = hide(t)
	s.mu.Unlock()
}

func (r *registry) remove(id uint64) {
	if h := &r.home[id%homes]; h.id.Load() == id {
		h.thread.Store(0)
		h.id.Store(0)
		return
	}
	s := r.at(id)
	s.mu.Lock()
	delete(s.threads, id)
	s.mu.Unlock()
}

func (s *shard) find(id uint64) *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.threads[id].reveal()
}
