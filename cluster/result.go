package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// A Result is what came of a piece, and what the worker has left of it.
type Result struct {
	Run     string
	Piece   string
	Title   string
	Binary  string
	Outcome []byte
	// Left is the work of new pieces: what the worker has not done.
	Left [][]byte
	// GaveUp is why nobody could do the piece; "" if it was done. Nothing is
	// known then of what the piece stands for.
	GaveUp string
	// Returned is whether the worker was stopped before it had done anything: the
	// piece is what it has left.
	Returned bool
	Worker   string
	Elapsed  time.Duration
}

// Children are the pieces that the result leaves.
func (r *Result) Children() []Piece {
	var list []Piece
	for i, work := range r.Left {
		list = append(list, Piece{Run: r.Run, Name: childName(r.Piece, i, work), Title: r.Title, Binary: r.Binary, Work: work})
	}
	return list
}

// childName is the name of the i-th piece that a piece leaves: the name of the
// root, "-", and a hash of what is to be done. It is the same whoever works it
// out: two pieces of one name would be taken for one.
//
// The hash is what makes results of an earlier run of the same name harmless. What
// a worker leaves of a piece depends on when it stopped, so the third piece of
// "0" is not the same twice. A worker that was slow may store its result when
// the run is over, and the next run then finds it. If it has a name of that run, it
// is a result of the same work, and right.
func childName(parent string, i int, work []byte) string {
	root, _, _ := strings.Cut(parent, "-")
	h := sha256.New()
	fmt.Fprintf(h, "%s %d ", parent, i)
	h.Write(work)
	return root + "-" + hex.EncodeToString(h.Sum(nil)[:14])
}

// storedResult is a result as it is stored.
type storedResult struct {
	Protocol int           `json:"protocol"`
	Run      string        `json:"run"`
	Piece    string        `json:"piece"`
	Title    string        `json:"title"`
	Binary   string        `json:"binary,omitempty"`
	Outcome  item          `json:"outcome"`
	Left     []item        `json:"left,omitempty"`
	GaveUp   string        `json:"gaveUp,omitempty"`
	Returned bool          `json:"returned,omitempty"`
	Worker   string        `json:"worker"`
	Elapsed  time.Duration `json:"elapsedNanoseconds"`
}
