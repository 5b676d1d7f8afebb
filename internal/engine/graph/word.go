package graph

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// A wordEvent is an event in a word. What it reads from, and its place in coherence order,
// are told by how far away they are: so rounds of a loop are the same again and again, and
// take next to no room.
type wordEvent struct {
	savedEvent       // without R, and P of a write
	B          int32 `json:"b,omitempty"` // of a read: 1, and how far its thread goes on from the write that it has seen last, see folded
	Q          int32 `json:"q,omitempty"` // of a write: 1, and how many that stand before it in the word come later in coherence order
}

// Word returns the graph as a word, to run the execution again.
func (g *Graph) Word() (string, error) {
	order := g.Linear()
	number := make(map[int32]int32) // of a write, among those to its location in the word
	seen, places := make(seenWrites), make(placesOf)
	list := make([]wordEvent, 0, len(order))
	for _, id := range order {
		e := &g.Ev[id]
		w := wordEvent{savedEvent: e.save(0)}
		switch e.Kind {
		case Read:
			w.B = 1 + folded(seen.goOn(e, number[e.RF])) // that of Initial is 0
		case Write:
			w.P = 0
			w.Q = 1 + places.add(e.Loc, e.Pos)
			number[id] = int32(len(places[e.Loc]))
			seen.goOn(e, number[id])
		}
		list = append(list, w)
	}
	data, err := json.Marshal(list)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b.Bytes()), nil
}

// A seenWrites is the number of the write to a location that a thread has seen last: read
// from, or written itself.
type seenWrites map[[2]int32]int32

// goOn notes that e has seen write n, and returns how far that is from the last one.
func (s seenWrites) goOn(e *Event, n int32) int32 {
	at := [2]int32{e.Thr, e.Loc}
	was := s[at]
	s[at] = n
	return n - was
}

// folded is n as a number that is not negative: 0, -1, 1, -2 ... are 0, 1, 2, 3 ...
func folded(n int32) int32 { return n<<1 ^ n>>31 }

func unfolded(n int32) int32 { return int32(uint32(n)>>1) ^ -(n & 1) }

// A placesOf is the places in coherence order, sorted, of the writes to each location so far.
type placesOf map[int32][]int32

// add adds a place, and returns how many are behind it.
func (p placesOf) add(loc, place int32) int32 {
	list := p[loc]
	i, _ := slices.BinarySearch(list, place)
	p[loc] = slices.Insert(list, i, place)
	return int32(len(list) - i)
}

var errWord = errors.New("this is no execution that a failure printed: copy all of it")

const maxWord = 8 << 20 // bytes, unpacked

// ReadWord reads what word wrote.
func ReadWord(word string) (*Graph, error) {
	packed, err := base64.RawURLEncoding.DecodeString(word)
	if err != nil {
		return nil, errWord
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxWord))
	if err != nil {
		return nil, errWord
	}
	var list []wordEvent
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errWord
	}
	g := &Graph{}
	g.Grow(0)
	g.AddThread(0, -1)
	seen, writes := make(seenWrites), make(map[int32][]int32)
	for i, w := range list {
		if err := w.check(g, i); err != nil {
			return nil, err
		}
		e := w.event()
		switch e.Kind {
		case Read:
			n := int64(seen[[2]int32{e.Thr, e.Loc}]) + int64(unfolded(w.B-1))
			if n < 0 || n > int64(len(writes[e.Loc])) {
				return nil, fmt.Errorf("event %d: %w", i, errWord)
			}
			seen.goOn(&e, int32(n))
			if e.RF = Initial; n > 0 {
				e.RF = writes[e.Loc][n-1]
			}
		case Write:
			e.Pos = int32(len(g.Loc[e.Loc].CO)) - (w.Q - 1)
			writes[e.Loc] = append(writes[e.Loc], int32(i))
			seen.goOn(&e, int32(len(writes[e.Loc])))
		}
		if e.Kind == Spawn {
			g.Grow(int(e.Aux))
			for len(g.Loc) <= int(e.Pos) {
				g.ExtendLocations()
			}
		}
		id := g.Add(e)
		if e.Kind == Spawn {
			g.AddThread(int(e.Aux), id)
		}
	}
	return g, nil
}

// check reports whether s can be event i of g, and makes room for its location.
func (s *wordEvent) check(g *Graph, i int) error {
	const most = 1 << 12
	ok := s.K <= Choice && s.T >= 0 && int(s.T) < len(g.Thr) && g.Thr[s.T].Used && s.L >= 0 && s.L < most &&
		s.X >= 0 && s.X < most && s.M <= SeqCst && s.MS <= SeqCst && s.MF <= SeqCst && s.W <= 64 && s.O <= OpEnter
	switch s.K {
	case Read:
		ok = ok && s.L > 0 && s.B >= 1
	case Write:
		there := 1 // of its location
		if ok && 0 < s.L && int(s.L) <= len(g.Loc) {
			there = len(g.Loc[s.L-1].CO)
		}
		ok = ok && s.L > 0 && s.Q >= 1 && int(s.Q) <= there
		if ok && s.F&Update != 0 {
			log := g.Thr[s.T].Ev
			ok = len(log) > 0 && g.Ev[log[len(log)-1]].Kind == Read
		}
	case Spawn:
		ok = ok && (int(s.X) >= len(g.Thr) || !g.Thr[s.X].Used) && s.P >= 0 && s.P < most
	case Join:
		ok = false
	}
	if !ok {
		return fmt.Errorf("event %d: %w", i, errWord)
	}
	for len(g.Loc) < int(s.L) {
		g.ExtendLocations()
	}
	return nil
}
