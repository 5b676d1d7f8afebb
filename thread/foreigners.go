package thread

import (
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/fearless-go/fearless/internal/goid"
)

// foreigners finds the Threads of goroutines that this package did not start,
// by the Key of package goid.
//
// Such a Thread is held weakly: once nobody has it, the next Current makes a
// new one, and nobody can tell, unless a token was left in it. A Thread with
// such a token is kept. The token of a goroutine that ended without taking it
// costs no more than that: the next goroutine with the same Key takes the place,
// and there are as many Keys as goroutines have lived at once. Where a Key is the
// goroutine's number, on a release of Go or an architecture that package goid
// does not know, such a token is kept until the process ends.
type foreigners struct{ shard [shards]foreignShard }

type foreignShard struct {
	mu    sync.Mutex
	seats map[uintptr]seat
	_     [64]byte // keeps neighbours out of this cache line
}

// A seat is what is known of one Key.
type seat struct {
	id     uint64               // of the last goroutine with the Key that called Current
	thread weak.Pointer[Thread] // the one of that goroutine
	kept   *Thread              // the same, if it is kept
}

// foreign is what the Thread of such a goroutine has in addition.
type foreign struct {
	key     uintptr
	kept    atomic.Bool // see foreigners.keep
	settled atomic.Bool // it stays kept
	keeps   int         // how often it was kept; guarded by the shard's lock
}

// at returns the shard of a Key. What the runtime allocates lies some hundred bytes apart.
func (f *foreigners) at(key uintptr) *foreignShard { return &f.shard[(key^key>>7)%shards] }

// find returns the Thread of the calling goroutine, whose number is id.
func (f *foreigners) find(id uint64) *Thread {
	key := goid.Key()
	s := f.at(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if seat := s.seats[key]; seat.id == id {
		if t := seat.thread.Value(); t != nil {
			return t
		}
	}
	made := &struct {
		Thread
		foreign
	}{foreign: foreign{key: key}}
	t := &made.Thread
	t.foreign = &made.foreign
	t.number.Store(id)
	if id == 1 {
		t.name = "main"
	}
	if s.seats == nil {
		s.seats = make(map[uintptr]seat)
	}
	s.seats[key] = seat{id: id, thread: weak.Make(t)}
	runtime.AddCleanup(t, s.forget, key)
	return t
}

// forget runs when the garbage collector has freed a Thread with that Key.
func (s *foreignShard) forget(key uintptr) {
	s.mu.Lock()
	if s.seats[key].thread.Value() == nil {
		delete(s.seats, key)
	}
	s.mu.Unlock()
}

// keepsToSettle is how often a Thread is kept before it stays, whether it has
// a token or not, until its goroutine has ended and another has its Key. From
// then on Unpark and Park need no lock for it.
const keepsToSettle = 8

func (f *foreigners) keep(t *Thread) {
	o := t.foreign
	s := f.at(o.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	seat := s.seats[o.key]
	if seat.id != t.number.Load() || o.kept.Load() || !t.parker.HasToken() {
		return // of another number: its goroutine has ended
	}
	seat.kept = t
	s.seats[o.key] = seat
	o.kept.Store(true)
	o.keeps++
	if goid.Reused && o.keeps >= keepsToSettle {
		o.settled.Store(true)
	}
}

// settle keeps a Thread until its goroutine has ended and another has its Key.
// The caller is that goroutine.
func (f *foreigners) settle(t *Thread) {
	o := t.foreign
	s := f.at(o.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if seat := s.seats[o.key]; seat.id == t.number.Load() {
		seat.kept = t
		s.seats[o.key] = seat
	}
	o.kept.Store(true)
	o.settled.Store(true)
}

func (f *foreigners) release(t *Thread) {
	o := t.foreign
	s := f.at(o.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.parker.HasToken() || !o.kept.Load() || o.settled.Load() {
		return
	}
	o.kept.Store(false)
	if seat := s.seats[o.key]; seat.kept == t {
		seat.kept = nil
		s.seats[o.key] = seat
	}
}
