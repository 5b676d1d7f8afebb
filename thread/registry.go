package thread

import (
	"sync"
	"sync/atomic"
)

// threads finds the Thread of a goroutine by its number.
//
// A thread that this package started is in it from its first to its last
// instruction. Of any other goroutine, a foreign one, we do not learn when it
// ends: see foreigners.
var threads registry

const (
	shards     = 64
	recentSize = 256
	homes      = 4096
)

type registry struct {
	// home holds threads that this package started, by number: a thread
	// takes the place of its number if that is free, which costs two
	// instructions where the map of a shard costs two locks. Only the thread
	// itself puts itself there and takes itself out.
	home [homes]atomic.Pointer[Thread]
	// recent holds the last threads that were found, by number, and makes
	// the usual Current two loads. It holds some Threads longer than needed, but
	// never more than its size.
	recent  [recentSize]atomic.Pointer[Thread]
	shard   [shards]shard
	foreign foreigners
}

// A shard holds threads that found no home, by number.
type shard struct {
	mu      sync.Mutex
	threads map[uint64]*Thread
	_       [64]byte // keeps neighbours out of this cache line
}

func (r *registry) at(id uint64) *shard { return &r.shard[id%shards] }

func (r *registry) find(id uint64) *Thread {
	if t := r.home[id%homes].Load(); t != nil && t.number.Load() == id {
		return t
	}
	if t := r.recent[id%recentSize].Load(); t != nil && t.number.Load() == id {
		return t
	}
	t := r.at(id).find(id)
	if t == nil {
		t = r.foreign.find(id)
	}
	r.recent[id%recentSize].Store(t)
	return t
}

func (r *registry) add(id uint64, t *Thread) {
	if r.home[id%homes].CompareAndSwap(nil, t) {
		return
	}
	s := r.at(id)
	s.mu.Lock()
	if s.threads == nil {
		s.threads = make(map[uint64]*Thread)
	}
	s.threads[id] = t
	s.mu.Unlock()
}

func (r *registry) remove(id uint64, t *Thread) {
	if r.home[id%homes].CompareAndSwap(t, nil) {
		return
	}
	s := r.at(id)
	s.mu.Lock()
	delete(s.threads, id)
	s.mu.Unlock()
	r.recent[id%recentSize].CompareAndSwap(t, nil)
}

func (s *shard) find(id uint64) *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.threads[id]
}
