package graph

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Word returns the graph as a word, to run the execution again.
func (g *Graph) Word() (string, error) {
	order := g.Linear()
	number := make(map[int32]int32)
	list := make([]savedEvent, 0, len(order))
	for i, id := range order {
		e := &g.Ev[id]
		number[id] = int32(i)
		from := int32(1)
		if e.Kind == Read && e.RF >= 0 {
			from = number[e.RF] + 2
		}
		list = append(list, e.save(from))
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
	var list []savedEvent
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errWord
	}
	g := &Graph{}
	g.Grow(0)
	g.AddThread(0, -1)
	place := make([][]int32, 0)
	for i, s := range list {
		if err := s.check(g, i); err != nil {
			return nil, err
		}
		e := s.event()
		if e.Kind == Write {
			// Those before it in coherence order that are there already.
			for len(place) <= int(e.Loc) {
				place = append(place, nil)
			}
			at := int32(1)
			for _, p := range place[e.Loc] {
				if p < s.P {
					at++
				}
			}
			place[e.Loc] = append(place[e.Loc], s.P)
			e.Pos = at
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

func (s *savedEvent) check(g *Graph, i int) error {
	const most = 1 << 12
	ok := s.K <= Choice && s.T >= 0 && int(s.T) < len(g.Thr) && g.Thr[s.T].Used && s.L >= 0 && s.L < most &&
		s.X >= 0 && s.X < most && s.M <= SeqCst && s.MS <= SeqCst && s.MF <= SeqCst && s.W <= 64 && s.O <= OpEnter
	switch s.K {
	case Read:
		ok = ok && s.L > 0 && s.R >= 1 && int(s.R) < i+2 && (s.R == 1 || g.Ev[s.R-2].Kind == Write && g.Ev[s.R-2].Loc == s.L-1)
	case Write:
		ok = ok && s.L > 0 && s.P > 0
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
