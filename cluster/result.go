package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
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
	GaveUp  string
	Worker  string
	Elapsed time.Duration
}

// Children are the pieces that the result leaves.
func (r *Result) Children() []Piece {
	var list []Piece
	for i, work := range r.Left {
		list = append(list, Piece{Run: r.Run, Name: childName(r.Piece, i), Title: r.Title, Binary: r.Binary, Work: work})
	}
	return list
}

// longestName is how long a piece's name may be. It is part of a subject, and a
// piece may be given back thousands of times.
const longestName = 40

// childName is the name of the i-th piece that a piece leaves. It is the same
// whoever works it out: two pieces of one name would be taken for one. It begins
// with the name of the root, and "-".
func childName(parent string, i int) string {
	name := parent + "-" + strconv.Itoa(i)
	if len(name) <= longestName {
		return name
	}
	root, _, _ := strings.Cut(name, "-")
	sum := sha256.Sum256([]byte(name))
	return root + "-" + hex.EncodeToString(sum[:14])
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
	Worker   string        `json:"worker"`
	Elapsed  time.Duration `json:"elapsedNanoseconds"`
}
