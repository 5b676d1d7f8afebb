package engine

// Owned is an owner that has to be dropped before the execution is over.
type Owned interface {
	// Undropped says what leaked if that has not happened.
	Undropped() (leak string, ok bool)
}

// Owns tells the engine of an owner that the thread has made.
func (t *Thread) Owns(o Owned) { t.e.owned = append(t.e.owned, o) }

// leaks fails a complete execution with an owner that nobody dropped.
func (e *Engine) leaks() {
	for _, o := range e.owned {
		if leak, ok := o.Undropped(); ok {
			e.x.Fail(Leak, "%s", leak)
			return
		}
	}
}
