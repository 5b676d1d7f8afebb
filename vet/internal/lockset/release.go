package lockset

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// give notes that the guards among values become another's, and the locks
// that functions among them release.
func (w *walker) give(s state, values []ssa.Value, except ssa.Value) state {
	if len(s.locks) > 0 {
		for _, v := range values {
			if m, ok := v.(*ssa.MakeClosure); ok {
				s = handOver(s, m)
			}
		}
	}
	for i := range s.locks {
		h := &s.locks[i]
		if h.Guard == nil || h.Status == Unknown || h.Status == Returned || h.Guard == except {
			continue
		}
		for _, v := range values {
			if carries(v, h.Guard, 3) {
				s = s.clone()
				s.locks[i].Status = Unknown
				break
			}
		}
	}
	return s
}

// carries reports whether the value v holds the guard that call returned, or
// can reach it.
func carries(v ssa.Value, call ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return carries(x.X, call, depth-1)
	case *ssa.MakeClosure:
		for _, b := range x.Bindings {
			if carries(b, call, depth-1) {
				return true
			}
		}
		return false
	}
	if v == nil || !mayHoldGuard(v.Type()) {
		return false
	}
	for _, o := range Origins(v) {
		if guardCall(o) == call {
			return true
		}
	}
	return false
}

func mayHoldGuard(t types.Type) bool {
	if IsGuard(t) {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return mayHoldGuard(p.Elem())
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// acquire follows the acquisition h.
func (w *walker) acquire(s *state, h Holding) {
	w.acquisition(*s, Acquisition{Instr: h.At, Lock: h.Lock, Mode: h.Mode, Cell: h.Cell})
	if i := s.find(h.Lock); i >= 0 && s.locks[i].Status == Held {
		h.Status = Unknown // it waits forever, or is held twice
	}
	s.set(h)
}

// release follows the release of op's lock or guard.
func (w *walker) release(s *state, op Op, instr ssa.CallInstruction) {
	if op.Guard != nil {
		w.releaseGuard(s, op, instr)
		return
	}
	lock, mode := w.c.alias(Resolve(op.Lock), op.Mode)
	w.releaseLock(s, lock, mode, instr, nil)
}

func (w *walker) releaseGuard(s *state, op Op, instr ssa.CallInstruction) {
	freed, before := false, -1
	for i := range s.locks {
		h := &s.locks[i]
		if h.Guard == nil || !carries(op.Guard, h.Guard, 3) {
			continue
		}
		switch h.Status {
		case Held:
			w.released(h.At)
			h.Status, h.At, freed = Released, instr, true
		case Released:
			before = i
		case Unknown:
			freed = true
		}
	}
	if !freed && before >= 0 && len(Origins(op.Guard)) == 1 {
		w.again(s.locks[before], instr)
		s.locks[before].Status = Unknown
	}
}

func (w *walker) releaseLock(s *state, p Path, mode Mode, instr ssa.CallInstruction, via *types.Func) {
	if i := s.find(p); i >= 0 {
		h := &s.locks[i]
		switch h.Status {
		case Held:
			w.released(h.At)
			w.ended(*h)
			if h.Mode != mode {
				w.mismatch(*h, mode, instr)
			}
			h.Status, h.At, h.Via = Released, instr, via
			if h.Foreign {
				w.foreign(p)
			}
		case Released:
			if via == nil && !h.Foreign {
				w.again(*h, instr)
			}
			h.Status = Unknown
		}
		return
	}
	// The lock of an earlier iteration, or one that is called something else here.
	for i := range s.locks {
		h := &s.locks[i]
		if h.Status == Held && h.Lock.Class == p.Class && (!h.Lock.Known() || !p.Known()) {
			w.out.Doubtful[h.At] = true
			w.ended(*h)
			h.Status = Unknown
			return
		}
	}
	for i := range s.locks {
		h := &s.locks[i]
		if h.Status == Held && h.Lock.MayBe(p) {
			w.out.Doubtful[h.At] = true
			h.Status = Unknown
		}
	}
	w.foreign(p)
	s.set(Holding{Lock: p, Mode: mode, Status: Released, At: instr, Foreign: true, Via: via})
}
