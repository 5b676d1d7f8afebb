package pieces

import (
	"encoding/json"
	"slices"
)

type savedTree struct {
	Names  Names        `json:"names"`
	Done   float64      `json:"done"`
	Nodes  []savedNode  `json:"nodes"` // parents first
	Pieces []savedPiece `json:"pieces"`
}

type savedNode struct {
	Parent int      `json:"parent"` // an index, or -1
	Via    Branch   `json:"via"`
	Before []Branch `json:"before,omitempty"`
	Sign   uint64   `json:"sign"`
	Begun  []Branch `json:"begun,omitempty"`
}

type savedPiece struct {
	At     int      `json:"at"` // a node's index, or -1
	Branch Branch   `json:"branch"`
	Before []Branch `json:"before,omitempty"`
	Hint   []Hint   `json:"hint,omitempty"`
	Weight float64  `json:"weight"`
}

// MarshalJSON writes what is left to be explored. Pieces that are taken are among it:
// what has been explored of them by now is explored again.
func (t *Tree) MarshalJSON() ([]byte, error) {
	out := savedTree{Names: t.Names, Done: t.done, Nodes: []savedNode{}, Pieces: []savedPiece{}}
	index := map[*node]int{}
	var number func(n *node) int
	number = func(n *node) int {
		if n == nil {
			return -1
		}
		if i, ok := index[n]; ok {
			return i
		}
		parent := number(n.parent)
		index[n] = len(out.Nodes)
		out.Nodes = append(out.Nodes, savedNode{parent, n.via, n.before, n.sign, n.begun})
		return index[n]
	}
	all := slices.Clone(t.untried)
	for p := range t.taken {
		all = append(all, p)
	}
	for _, p := range all {
		out.Pieces = append(out.Pieces, savedPiece{number(p.at), p.branch, p.before, p.hint, p.weight})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON has written.
func (t *Tree) UnmarshalJSON(text []byte) error {
	var in savedTree
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	out := Tree{Names: in.Names, done: in.Done, taken: map[*Piece]bool{}}
	nodes := make([]*node, len(in.Nodes))
	for i, s := range in.Nodes {
		n := &node{via: s.Via, before: s.Before, sign: s.Sign, begun: s.Begun}
		if s.Parent >= i {
			return ErrReport
		}
		if s.Parent >= 0 {
			n.parent, n.depth = nodes[s.Parent], nodes[s.Parent].depth+1
		}
		nodes[i] = n
	}
	for _, s := range in.Pieces {
		p := &Piece{branch: s.Branch, before: s.Before, hint: s.Hint, weight: s.Weight}
		if s.At >= len(nodes) {
			return ErrReport
		}
		if s.At >= 0 {
			p.at = nodes[s.At]
		}
		out.untried = append(out.untried, p)
	}
	*t = out
	return nil
}
