package pieces

import "math"

// A report is what Dpor.Untried writes.
type report struct {
	done         float64
	path         []reported
	alternatives []alternative
}

type reported struct {
	branch Branch
	sign   uint64
	begun  []Branch
}

type alternative struct {
	depth  int
	branch Branch
	share  float64
	hint   []Hint
}

// reader takes numbers from a report.
type reader struct {
	in  []uint32
	bad bool
}

func (r *reader) next() uint32 {
	if len(r.in) == 0 {
		r.bad = true
		return 0
	}
	v := r.in[0]
	r.in = r.in[1:]
	return v
}

// count is how many of at least size numbers each follow.
func (r *reader) count(size int) int {
	n := int(r.next())
	if n > len(r.in)/size {
		r.bad = true
		return 0
	}
	return n
}

func (r *reader) branch() Branch {
	b := Branch{Thread: r.next()}
	v := r.next()
	r.bad = r.bad || v > math.MaxUint8
	b.Variant = uint8(v)
	return b
}

func (r *reader) branches() (list []Branch) {
	for n := r.count(2); n > 0; n-- {
		list = append(list, r.branch())
	}
	return list
}

func (r *reader) hints() (list []Hint) {
	for n := r.count(3); n > 0; n-- {
		list = append(list, Hint{r.branch(), r.next()})
	}
	return list
}

func parseReport(numbers []uint32) (*report, error) {
	r := &reader{in: numbers}
	out := &report{done: fraction(r.next())}
	for n := r.count(5); n > 0; n-- {
		p := reported{branch: r.branch()}
		p.sign = uint64(r.next()) | uint64(r.next())<<32
		p.begun = r.branches()
		out.path = append(out.path, p)
	}
	for n := r.count(5); n > 0; n-- {
		a := alternative{depth: int(r.next()), branch: r.branch(), share: fraction(r.next()), hint: r.hints()}
		r.bad = r.bad || a.depth < 0 || a.depth >= len(out.path)
		out.alternatives = append(out.alternatives, a)
	}
	if r.bad || len(r.in) != 0 {
		return nil, ErrReport
	}
	return out, nil
}

func fraction(v uint32) float64 { return float64(v) / math.MaxUint32 }
