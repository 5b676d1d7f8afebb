package rc

// SetCounts overwrites the counts, which nobody can reach by cloning.
func SetCounts[T any](r Rc[T], strong, weak int) {
	s := r.h.Use(&rcs, "SetCounts")
	s.strong, s.weak = strong, weak
}
