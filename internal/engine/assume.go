package engine

// Assume gives the execution up if ok is false. The other threads still run
// on: what they write may be read instead of what made the assumption fail.
func (t *Thread) Assume(ok bool) {
	if ok {
		return
	}
	t.leavesLoop()
	t.state = discarded
	t.block()
}
