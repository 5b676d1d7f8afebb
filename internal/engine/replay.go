package engine

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A savedEvent is what an execution needs to be run again: an event, in an
// order in which each comes after what it reads from.
type savedEvent struct {
	T  int32  `json:"t,omitempty"`
	K  kind   `json:"k,omitempty"`
	O  Op     `json:"o,omitempty"`
	L  int32  `json:"l,omitempty"`
	F  uint8  `json:"f,omitempty"`
	R  int32  `json:"r,omitempty"` // of a read: the index of the write, plus 2
	P  int32  `json:"p,omitempty"`
	C  uint8  `json:"c,omitempty"`
	X  int32  `json:"x,omitempty"` // aux
	V  uint64 `json:"v,omitempty"`
	A  uint64 `json:"a,omitempty"`
	E  uint64 `json:"e,omitempty"`
	M  Order  `json:"m,omitempty"` // the ordering in force, on success, on failure
	MS Order  `json:"ms,omitempty"`
	MF Order  `json:"mf,omitempty"`
	W  uint8  `json:"w,omitempty"`
	I  bool   `json:"i,omitempty"` // signed
}

// save returns e; from is what stands for the write that it reads from.
func (e *event) save(from int32) savedEvent {
	s := savedEvent{
		T: e.thr, K: e.kind, O: e.op, L: e.loc + 1, F: e.flags, P: e.pos, C: e.choice, X: e.aux,
		V: e.val, A: e.arg, E: e.exp, M: e.order, MS: e.succ, MF: e.fail, W: e.width, I: e.signed,
	}
	if e.kind == kRead {
		s.R = from
	}
	return s
}

func (s *savedEvent) event() event {
	return event{
		kind: s.K, thr: s.T, op: s.O, loc: s.L - 1, flags: s.F, pos: s.P, choice: s.C, aux: s.X, rf: s.R - 2,
		val: s.V, arg: s.A, exp: s.E, order: s.M, succ: s.MS, fail: s.MF, width: s.W, signed: s.I,
	}
}

// save returns the graph as a word.
func (g *graph) save() (string, error) {
	order := g.linear()
	number := make(map[int32]int32)
	list := make([]savedEvent, 0, len(order))
	for i, id := range order {
		e := &g.ev[id]
		number[id] = int32(i)
		from := int32(1)
		if e.kind == kRead && e.rf >= 0 {
			from = number[e.rf] + 2
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

var errReplay = errors.New("this is no execution that a failure printed: copy all of it")

const maxReplay = 8 << 20 // bytes, unpacked

// load reads what save wrote.
func load(word string) (*graph, error) {
	packed, err := base64.RawURLEncoding.DecodeString(word)
	if err != nil {
		return nil, errReplay
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxReplay))
	if err != nil {
		return nil, errReplay
	}
	var list []savedEvent
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errReplay
	}
	g := &graph{}
	g.grow(0)
	g.addThread(0, -1)
	place := make([][]int32, 0)
	for i, s := range list {
		if err := s.check(g, i); err != nil {
			return nil, err
		}
		e := s.event()
		if e.kind == kWrite {
			// Those before it in coherence order that are there already.
			for len(place) <= int(e.loc) {
				place = append(place, nil)
			}
			at := int32(1)
			for _, p := range place[e.loc] {
				if p < s.P {
					at++
				}
			}
			place[e.loc] = append(place[e.loc], s.P)
			e.pos = at
		}
		if e.kind == kSpawn {
			g.grow(int(e.aux))
			for len(g.loc) <= int(e.pos) {
				g.extendLocations()
			}
		}
		id := g.add(e)
		if e.kind == kSpawn {
			g.addThread(int(e.aux), id)
		}
	}
	return g, nil
}

func (s *savedEvent) check(g *graph, i int) error {
	const most = 1 << 12
	ok := s.K <= kChoice && s.T >= 0 && int(s.T) < len(g.thr) && g.thr[s.T].used && s.L >= 0 && s.L < most &&
		s.X >= 0 && s.X < most && s.M <= SeqCst && s.MS <= SeqCst && s.MF <= SeqCst && s.W <= 64 && s.O <= OpEnter
	switch s.K {
	case kRead:
		ok = ok && s.L > 0 && s.R >= 1 && int(s.R) < i+2 && (s.R == 1 || g.ev[s.R-2].kind == kWrite && g.ev[s.R-2].loc == s.L-1)
	case kWrite:
		ok = ok && s.L > 0 && s.P > 0
		if ok && s.F&fUpdate != 0 {
			log := g.thr[s.T].ev
			ok = len(log) > 0 && g.ev[log[len(log)-1]].kind == kRead
		}
	case kSpawn:
		ok = ok && (int(s.X) >= len(g.thr) || !g.thr[s.X].used) && s.P >= 0 && s.P < most
	case kJoin:
		ok = false
	}
	if !ok {
		return fmt.Errorf("event %d: %w", i, errReplay)
	}
	for len(g.loc) < int(s.L) {
		g.extendLocations()
	}
	return nil
}
