package dpor

func dporPut(out []uint32, values ...uint64) []uint32 {
	for _, v := range values {
		out = append(out, uint32(v), uint32(v>>32))
	}
	return out
}

// A dporReader takes numbers from a piece.
type dporReader struct {
	in  []uint32
	bad bool
}

func (r *dporReader) next() uint32 {
	if len(r.in) == 0 {
		r.bad = true
		return 0
	}
	v := r.in[0]
	r.in = r.in[1:]
	return v
}

func (r *dporReader) wide() uint64 {
	lo := r.next()
	return uint64(lo) | uint64(r.next())<<32
}
