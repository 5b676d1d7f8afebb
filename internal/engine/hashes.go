package engine

// hashes is a set of hash values: an open hash table whose places are the values'
// own low bits. The zero hashes is empty.
type hashes struct {
	slots []uint64 // 0: empty
	n     int
}

// has reports whether h is in the set. 0 never is.
func (s *hashes) has(h uint64) bool {
	if s.n == 0 {
		return false
	}
	mask := uint64(len(s.slots) - 1)
	for i := h; ; i++ {
		switch s.slots[i&mask] {
		case 0:
			return false
		case h:
			return true
		}
	}
}

func (s *hashes) add(h uint64) {
	if h == 0 || s.has(h) {
		return
	}
	if 2*s.n >= len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, max(64, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				s.put(o)
			}
		}
	}
	s.put(h)
	s.n++
}

func (s *hashes) put(h uint64) {
	mask := uint64(len(s.slots) - 1)
	i := h
	for s.slots[i&mask] != 0 {
		i++
	}
	s.slots[i&mask] = h
}
