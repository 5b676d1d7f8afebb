package engine

// A rank is the place of an item in the depth-first walk, so that two engines
// that share the walk agree on which of two failures comes first.
type rank struct {
	parent *rank
	n      int32
}
