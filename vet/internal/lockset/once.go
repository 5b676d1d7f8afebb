package lockset

import "golang.org/x/tools/go/ssa"

// doOnce follows a call of a Once's Do with the function fn, which may run.
//
// "unlock.Do(mu.Unlock)" gives a lock back that is not given back yet: where
// it is held, nobody has called Do before, or the Once is another one by now,
// and where it is not, somebody has.
func (w *walker) doOnce(s state, instr ssa.CallInstruction, fn ssa.Value) []state {
	either := func() []state { return unique(append(w.inline(s, fn), s)) }
	closure, ok := fn.(*ssa.MakeClosure)
	if !ok {
		return either()
	}
	if lock, ok := boundRelease(closure); ok {
		mode := Exclusive
		if closure.Fn.(*ssa.Function).Object().Name() == "RUnlock" {
			mode = Shared
		}
		p, mode := w.c.alias(Resolve(lock), mode)
		free := s.clone()
		switch i := s.find(p); {
		case i < 0:
			w.releaseLock(&free, p, mode, instr, nil)
			return unique([]state{free, s})
		case s.locks[i].Status == Held:
			w.releaseLock(&free, p, mode, instr, nil)
			return []state{free}
		}
		return []state{s}
	}
	touched, held := false, false
	taken := map[string]bool{}
	for _, p := range givesBack(closure.Fn.(*ssa.Function), taken, maxInline) {
		if i := s.find(p); i >= 0 && !taken[p.key()] {
			touched, held = true, held || s.locks[i].Status == Held
		}
	}
	switch {
	case held:
		return w.inline(s, fn)
	case touched:
		return []state{s}
	}
	return either()
}
