package pieces

import (
	"reflect"
	"slices"
)

// Seen is engine.Seen for other processes. The same binary may lie at another place
// in their memory, so program counters are counted from a function of it.
type Seen struct {
	Threads   int         `json:"threads,omitempty"`
	Shared    bool        `json:"shared,omitempty"`
	Raw       []int64     `json:"raw,omitempty"`
	Waits     [][][]int64 `json:"waits,omitempty"`
	MoreWaits bool        `json:"moreWaits,omitempty"`
	Several   bool        `json:"several,omitempty"`
	Frees     bool        `json:"frees,omitempty"`
	Cuts      []string    `json:"cuts,omitempty"`
}

// most is how much of a kind is kept; that there was more is said where a claim
// depends on it. An engine keeps as much (see engine.Seen).
const most = 512

func (s *Seen) add(o *Seen) {
	s.Threads, s.Shared = max(s.Threads, o.Threads), s.Shared || o.Shared
	s.MoreWaits = s.MoreWaits || o.MoreWaits
	s.Several, s.Frees = s.Several || o.Several, s.Frees || o.Frees
	for _, at := range o.Cuts {
		if len(s.Cuts) < most && !slices.Contains(s.Cuts, at) {
			s.Cuts = append(s.Cuts, at)
		}
	}
	for _, pc := range o.Raw {
		if len(s.Raw) < most && !slices.Contains(s.Raw, pc) {
			s.Raw = append(s.Raw, pc)
		}
	}
	for _, w := range o.Waits {
		switch {
		case slices.ContainsFunc(s.Waits, func(v [][]int64) bool { return reflect.DeepEqual(v, w) }):
		case len(s.Waits) == most:
			s.MoreWaits = true
		default:
			s.Waits = append(s.Waits, w)
		}
	}
}
