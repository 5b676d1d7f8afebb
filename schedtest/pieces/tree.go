// Package pieces divides the exploration of one program's schedules among
// processes, or machines, and puts it together again.
//
// A [Tree] knows what is still to be explored, as pieces. Whoever explores takes
// some, has package dpor's Dpor explore each (Start takes Piece.Numbers) for as
// long as it likes, and gives back what Dpor.Untried has reported. Each class of
// schedules is then explored once, whoever explores what, as by one process: the
// argument stands in schedtest/dpor/piece.go. A tree can be written down
// and read again, with the pieces that are being explored among the untried.
//
// Goroutines have numbers that are those of one process. [Names] translates them.
//
// Begin reading at Tree. It is not safe for concurrent use.
package pieces

import (
	"errors"
	"slices"
)

// A Branch is what a node goes on with: a thread, and which of its alternatives it takes.
type Branch struct {
	Thread  uint32 `json:"t"`
	Variant uint8  `json:"v,omitempty"`
}

// A node is a state of the program in which there are several branches.
type node struct {
	parent *node    // nil for the beginning
	via    Branch   // the parent's, that leads here
	before []Branch // those that the parent had begun before that one
	sign   uint64   // of what the threads are about to do
	begun  []Branch // also those that are pieces
	depth  int
}

// A Piece is a part of the exploration: what begins with one branch of a node,
// and is not of a branch that was begun before.
type Piece struct {
	at     *node // nil if the piece is everything
	branch Branch
	before []Branch
	hint   []Hint
	weight float64
}

// A Hint is a branch of the tree that a piece should be explored along.
type Hint struct {
	Branch
	Depth uint32 `json:"d,omitempty"`
}

// A Tree is what is known of an exploration.
type Tree struct {
	Names   Names
	untried []*Piece
	taken   map[*Piece]bool
	done    float64
}

// New returns a tree of which nothing has been explored.
func New() *Tree {
	return &Tree{untried: []*Piece{{weight: 1}}, taken: map[*Piece]bool{}}
}

// Untried returns how many pieces nobody has taken.
func (t *Tree) Untried() int { return len(t.untried) }

// Over reports whether nothing is left.
func (t *Tree) Over() bool { return len(t.untried) == 0 && len(t.taken) == 0 }

// Done returns the part that is done, by the weight that the pieces had when they
// were found: an estimate, which does not go back, and is 1 when Over.
func (t *Tree) Done() float64 {
	if t.Over() {
		return 1
	}
	return min(t.done, 1-1e-9)
}

// Take gives away at most n pieces: the deepest ones, which are small and keep few
// others waiting, or, if wide, half of them from the other end.
func (t *Tree) Take(n int, wide bool) []*Piece {
	n = min(n, len(t.untried))
	out := make([]*Piece, 0, n)
	for i := range n {
		last := len(t.untried) - 1
		k := last
		if wide && i%2 == 0 {
			k = 0
		}
		out = append(out, t.untried[k])
		t.untried = slices.Delete(t.untried, k, k+1)
	}
	for _, p := range out {
		t.taken[p] = true
	}
	return out
}

// Return takes back a piece of which nothing was explored.
func (t *Tree) Return(p *Piece) {
	if t.taken[p] {
		delete(t.taken, p)
		t.untried = append(t.untried, p)
	}
}

// Weight is the part of the whole that the piece was thought to be when it was found.
func (p *Piece) Weight() float64 { return p.weight }

// Numbers is the piece as Dpor.Start takes it.
func (p *Piece) Numbers() []uint32 {
	var up []*node
	for n := p.at; n != nil; n = n.parent {
		up = append(up, n)
	}
	out := []uint32{uint32(len(up))}
	for i := len(up) - 1; i >= 0; i-- {
		branch, before := p.branch, p.before
		if i > 0 {
			branch, before = up[i-1].via, up[i-1].before
		}
		out = append(out, branch.Thread, uint32(branch.Variant), uint32(up[i].sign), uint32(up[i].sign>>32))
		out = appendBranches(out, before)
	}
	out = append(out, uint32(len(p.hint)))
	for _, h := range p.hint {
		out = append(out, h.Thread, uint32(h.Variant), h.Depth)
	}
	return out
}

func appendBranches(out []uint32, list []Branch) []uint32 {
	out = append(out, uint32(len(list)))
	for _, b := range list {
		out = append(out, b.Thread, uint32(b.Variant))
	}
	return out
}

// ErrReport is what Finish says of a report that is not whole, or not of the piece.
var ErrReport = errors.New("a report of a piece is not whole, or of another piece")

// Finish takes in what Dpor.Untried has reported of p: its threads have the
// tree's names. What is left of p, and what p has found to be left elsewhere, are
// pieces then.
func (t *Tree) Finish(p *Piece, report []uint32) error {
	r, err := parseReport(report)
	if err != nil {
		return err
	}
	depth := 0
	if p.at != nil {
		depth = p.at.depth + 1
	}
	if !t.taken[p] || len(r.path) < depth {
		return ErrReport
	}
	delete(t.taken, p)
	nodes := make([]*node, len(r.path))
	for n := p.at; n != nil; n = n.parent {
		nodes[n.depth] = n
	}
	// The nodes below that have alternatives, and those on the way there.
	last := depth
	for _, a := range r.alternatives {
		last = max(last, a.depth+1)
	}
	for d := depth; d < last && d < len(nodes); d++ {
		nodes[d] = &node{sign: r.path[d].sign, begun: slices.Clone(r.path[d].begun), depth: d}
		if d == 0 {
			continue
		}
		up := nodes[d-1]
		nodes[d].parent, nodes[d].via = up, r.path[d-1].branch
		nodes[d].before = without(r.path[d-1].begun, nodes[d].via)
		if d == depth {
			nodes[d].via, nodes[d].before = p.branch, p.before
		}
	}
	var found []*Piece
	for _, a := range r.alternatives {
		n := nodes[a.depth]
		if n == nil || slices.Contains(n.begun, a.branch) {
			for _, q := range found {
				if q.at == n && q.branch == a.branch {
					q.hint = append(q.hint, a.hint...) // two that turned out to be one
				}
			}
			continue
		}
		q := &Piece{at: n, branch: a.branch, before: slices.Clone(n.begun), hint: a.hint, weight: a.share}
		n.begun = append(n.begun, a.branch)
		found = append(found, q)
	}
	t.untried = append(t.untried, found...)
	t.done += p.weight - weigh(found, p.weight, r.done, depth)
	return nil
}

// weigh divides the weight of a piece of which a part is done among what was found
// to be left, and returns the sum. Those above depth are no part of it, and had
// none: they get a half of what would be done, at most.
func weigh(found []*Piece, weight, done float64, depth int) (sum float64) {
	shares, above := 0.0, 0
	for _, q := range found {
		if q.at.depth < depth {
			above++
		}
		shares += q.weight
	}
	left := weight * (1 - done)
	if len(found) == above {
		left = 0
	}
	each := (weight - left) / 2
	for _, q := range found {
		switch {
		case q.at.depth < depth:
			q.weight = each / float64(above)
		case shares > 0:
			q.weight *= left / shares
		default:
			q.weight = left / float64(len(found)-above)
		}
		sum += q.weight
	}
	return sum
}

func without(list []Branch, b Branch) []Branch {
	return slices.DeleteFunc(slices.Clone(list), func(c Branch) bool { return c == b })
}
