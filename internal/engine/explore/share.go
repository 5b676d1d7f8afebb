package explore

// A walk of unknown size is estimated as Knuth did ("Estimating the Efficiency
// of Backtrack Programs", 1975): all of it is 1, and a run divides its part
// evenly between itself and the alternatives that it found.

// Spread divides the share of the run just over.
func (x *Explorer) Spread() {
	if x.share == 0 {
		return
	}
	work := x.frames[x.depth].work
	found := work[len(work)-min(int(x.pushed), len(work)):]
	part := x.share / float64(len(found)+1)
	for i := range found {
		found[i].share = part
	}
	x.Over += part
	x.share = 0
}
