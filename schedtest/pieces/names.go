package pieces

// A Name says which goroutine a number is: the K-th that Parent, a number before it,
// has started. Number 0 is the timer, and starts what timers and the driver start.
type Name struct {
	Parent uint32 `json:"p"`
	K      uint32 `json:"k"`
}

// Names are the goroutines with numbers 1, 2, … A process that is to explore a
// piece is given them, so that it calls these as the tree does.
type Names []Name

// Nobody is the number of no goroutine.
const Nobody = ^uint32(0)

// Adopt adds the names of a process that it lacks, and returns the tree's numbers
// of them: the process's number i+1 is numbers[i] here.
func (n *Names) Adopt(theirs Names) (numbers []uint32, err error) {
	known := make(map[Name]uint32, len(*n))
	for i, name := range *n {
		known[name] = uint32(i + 1)
	}
	for i, name := range theirs {
		if name.Parent > uint32(i) {
			return nil, ErrReport
		}
		if name.Parent > 0 {
			name.Parent = numbers[name.Parent-1]
		}
		number, ok := known[name]
		if !ok {
			*n = append(*n, name)
			number = uint32(len(*n))
			known[name] = number
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// Translate puts the tree's numbers into a report of a process that has numbers
// of its own. It changes the report.
func Translate(report, numbers []uint32) error {
	r := &reader{in: report}
	translate := func() {
		if len(r.in) == 0 {
			r.bad = true
			return
		}
		switch t := r.in[0]; {
		case t == 0 || t == Nobody:
		case int(t) > len(numbers):
			r.bad = true
		default:
			r.in[0] = numbers[t-1]
		}
		r.in = r.in[1:]
	}
	branches := func(size int) {
		for n := r.count(size); n > 0; n-- {
			translate()
			for range size - 1 {
				r.next()
			}
		}
	}
	r.next()
	for n := r.count(5); n > 0; n-- {
		translate()
		r.next()
		r.next()
		r.next()
		branches(2)
	}
	for n := r.count(5); n > 0; n-- {
		r.next()
		translate()
		r.next()
		r.next()
		branches(3)
	}
	if r.bad || len(r.in) != 0 {
		return ErrReport
	}
	return nil
}
