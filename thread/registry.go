package thread

import (
	"runtime"
	"sync"
	"sync/atomic"
	"weak"
)

// threads finds the Thread of a goroutine by its number.
//
// A thread that this package started is in it from its first to its last
// instruction. Of a foreign goroutine we do not learn when it ends, so its
// Thread is held weakly: once nobody has it, the next Current makes a new one,
// and nobody can tell, unless a token was left in it. A Thread with such a
// token is kept; the few of those whose goroutine ended without taking it are
// swept out when they have doubled in number.
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
	recent [recentSize]atomic.Pointer[Thread]
	shard  [shards]shard
	sweep  sweeper
}

type shard struct {
	mu      sync.Mutex
	strong  map[uint64]*Thread
	foreign map[uint64]weak.Pointer[Thread]
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
	r.recent[id%recentSize].Store(t)
	return t
}

func (r *registry) add(id uint64, t *Thread) {
	if r.home[id%homes].CompareAndSwap(nil, t) {
		return
	}
	s := r.at(id)
	s.mu.Lock()
	if s.strong == nil {
		s.strong = make(map[uint64]*Thread)
	}
	s.strong[id] = t
	s.mu.Unlock()
}

func (r *registry) remove(id uint64, t *Thread) {
	if r.home[id%homes].CompareAndSwap(t, nil) {
		return
	}
	s := r.at(id)
	s.mu.Lock()
	delete(s.strong, id)
	s.mu.Unlock()
	r.recent[id%recentSize].CompareAndSwap(t, nil)
}

func (s *shard) find(id uint64) *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.strong[id]; t != nil {
		return t
	}
	if t := s.foreign[id].Value(); t != nil {
		return t
	}
	t := new(Thread)
	t.foreign = true
	t.number.Store(id)
	if id == 1 {
		t.name = "main"
	}
	if s.foreign == nil {
		s.foreign = make(map[uint64]weak.Pointer[Thread])
	}
	s.foreign[id] = weak.Make(t)
	runtime.AddCleanup(t, s.forget, id)
	return t
}

// forget runs when the garbage collector has freed a foreign goroutine's Thread.
func (s *shard) forget(id uint64) {
	s.mu.Lock()
	if s.foreign[id].Value() == nil {
		delete(s.foreign, id)
	}
	s.mu.Unlock()
}

// keepsToSettle is how often a foreign Thread is kept before it stays, whether it
// has a token or not, until the sweeper finds its goroutine gone. From then
// on Unpark and Park need no lock for it.
const keepsToSettle = 8

func (r *registry) keep(t *Thread) {
	id := t.number.Load()
	s := r.at(id)
	s.mu.Lock()
	added := t.parker.HasToken() && !t.kept.Load()
	if added {
		if s.strong == nil {
			s.strong = make(map[uint64]*Thread)
		}
		s.strong[id] = t
		t.kept.Store(true)
		t.keeps++
		t.settled.Store(t.keeps >= keepsToSettle)
	}
	s.mu.Unlock()
	if added {
		r.sweep.added(r)
	}
}

func (r *registry) release(t *Thread) {
	id := t.number.Load()
	s := r.at(id)
	s.mu.Lock()
	removed := !t.parker.HasToken() && t.kept.Load() && !t.settled.Load()
	if removed {
		delete(s.strong, id)
		t.kept.Store(false)
	}
	s.mu.Unlock()
	if removed {
		r.sweep.kept.Add(-1)
	}
}
