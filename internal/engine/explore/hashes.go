package explore

// Hashes is a set of hash values: an open hash table whose places are the values'
// own low bits. The zero hashes is empty.
type Hashes struct {
	slots []uint64 // 0: empty
	n     int
}

// Has reports whether h is in the set. 0 never is.
func (s *Hashes) Has(h uint64) bool {
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

// Len is how many there are.
func (s *Hashes) Len() int { return s.n }

// Add adds h, unless it is 0.
func (s *Hashes) Add(h uint64) {
	if h == 0 || s.Has(h) {
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

func (s *Hashes) put(h uint64) {
	mask := uint64(len(s.slots) - 1)
	i := h
	for s.slots[i&mask] != 0 {
		i++
	}
	s.slots[i&mask] = h
}
