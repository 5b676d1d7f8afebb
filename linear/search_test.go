package linear

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// judged is a history of hand-made operations: for each a call and a return, and
// its result; a return of 0 is none.
func judged(spec *rules, ops []*operation) *log {
	return &log{rules: spec, ops: ops}
}

func intervals(a, b *operation) bool { return !a.pending && a.back < b.call }

func TestTheSearchGivesUp(t *testing.T) {
	defer func(was int) { mostStates = was }(mostStates)
	mostStates = 100
	spec := Counter(0)
	var ops []*operation
	for i := range 20 {
		ops = append(ops, &operation{op: FetchAdd(1 << i), result: Value(1 << 30), call: 0, back: 100})
	}
	ops = append(ops, &operation{op: Increase(1), result: Did[int](false), call: 0, back: 100})
	for range 10 {
		ops = append(ops, &operation{op: Increase(1), result: Did[int](true), call: 0, back: 100})
	}
	for i := range 12 {
		ops = append(ops, &operation{op: Increase(1 << i), result: Did[int](true), call: 0, back: 100})
	}
	err := judged(spec.rules(), ops).search(ops, intervals, "intervals")
	var undecided *UndecidedError
	if !errors.As(err, &undecided) || undecided.Operations != len(ops) {
		t.Error(err)
	}
}

// valid tries every order: the slow, obviously right twin of the search.
func valid(r *rules, ops []*operation, before func(a, b *operation) bool, state any, done []bool) bool {
	if !slices.ContainsFunc(ops, func(o *operation) bool { return !o.pending && !done[slices.Index(ops, o)] }) {
		return true
	}
	for i, o := range ops {
		if done[i] || slices.ContainsFunc(ops, func(p *operation) bool { return !done[slices.Index(ops, p)] && p != o && before(p, o) }) {
			continue
		}
		done[i] = true
		for _, next := range r.after(state, o) {
			if valid(r, ops, before, next, done) {
				done[i] = false
				return true
			}
		}
		done[i] = false
	}
	return false
}

// The search, porcupine and the twin agree on random histories of each kind.
func TestTheSearchAgreesWithPorcupineAndATwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	queue, stack, register, mutex, semaphore, set := Queue[int](2), Stack[int](2), Register(0), Mutex(), Semaphore(2), Set[int]()
	kinds := []struct {
		rules *rules
		ops   []any
		give  func() any
	}{
		{queue.rules(), []any{Enqueue(1), Enqueue(2), Dequeue[int](), Put(3), Take[int]()}, nil},
		{stack.rules(), []any{Push(1), Push(2), Pop[int]()}, nil},
		{register.rules(), []any{Write(1), Write(2), Read[int](), CompareAndSwap(1, 2)}, nil},
		{mutex.rules(), []any{Lock(), TryLock(), Unlock()}, nil},
		{semaphore.rules(), []any{Acquire(1), TryAcquire(2), Release(1)}, nil},
		{set.rules(), []any{Insert(1), Remove(1), Contains(1)}, nil},
	}
	right := 0
	for round := range 3000 {
		k := kinds[round%len(kinds)]
		var ops []*operation
		clock := int64(0)
		open := make(map[int]*operation)
		// The results are those of some order, and then one may be changed.
		state := k.rules.init()
		for len(ops) < 6 {
			clock++
			thread := rng.IntN(3)
			if o := open[thread]; o != nil {
				if o.back, o.pending = clock, false; rng.IntN(8) > 0 {
					delete(open, thread)
				}
				continue
			}
			op := k.ops[rng.IntN(len(k.ops))]
			outs := k.rules.step(state, op)
			if len(outs) == 0 {
				if rng.IntN(4) > 0 {
					continue
				}
				outs = []Outcome[any, any]{{state, k.rules.step(k.rules.init(), k.ops[0])[0].Result}}
			}
			o := &operation{thread: thread, op: op, result: outs[0].Result, pending: true, call: clock}
			if rng.IntN(3) > 0 {
				state = outs[0].State
			}
			ops = append(ops, o)
			open[thread] = o
		}
		l := judged(k.rules, ops)
		want := valid(k.rules, ops, intervals, k.rules.init(), make([]bool, len(ops)))
		if got := l.search(ops, intervals, "intervals"); (got == nil) != want {
			t.Fatalf("%v; the twin says %v", got, want)
		}
		if got := l.ask(ops); (got == nil) != want {
			t.Fatalf("porcupine: %v; the twin says %v", got, want)
		}
		if want {
			right++
		}
	}
	if right < 300 || right > 2700 {
		t.Errorf("%d of 3000 histories are right: that tests little", right)
	}
}
