package engine

// SpuriousWakes reports whether waits that end for no reason are explored where
// that is an option.
func (t *Thread) SpuriousWakes() bool { return t.e.opts.SpuriousWakes }

// WakesSpuriously decides whether a wait ends for no reason; both are explored.
// A thread is woken like that once in an execution at most: a loop around the
// wait would otherwise have no end, and a second time shows nothing new.
func (t *Thread) WakesSpuriously() bool {
	if t.e.stopped() {
		t.leave()
	}
	if t.wokenIn == t.e.serial {
		return false
	}
	woken := t.Choose(2) == 1
	if woken {
		t.wokenIn = t.e.serial
	}
	return woken
}
