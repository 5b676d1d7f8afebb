package schedtest

import (
	"fmt"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// Orders says how much the schedules of a test differed, and how much may be
// left to see. Two schedules have the same order if the goroutines came to each
// lock, channel and atomic variable in the same order. That is a measure of the
// sample, not of the code: an order that was not seen may fail.
type Orders struct {
	Schedules int `json:"schedules"` // that were compared: those that passed
	Seen      int `json:"seen"`      // different orders
	Once      int `json:"once"`      // of those, the ones that one schedule alone had
	SinceNew  int `json:"sinceNew"`  // schedules after the last one that had a new order
}

// NextIsNew estimates the chance that another schedule has an order that none
// had: the share of orders seen once among the schedules (Good, "The population
// frequencies of species and the estimation of population parameters", 1953). It
// takes the schedules for draws alike, which those of different strategies are not.
func (o Orders) NextIsNew() float64 {
	if o.Schedules == 0 {
		return 1
	}
	return float64(o.Once) / float64(o.Schedules)
}

// String is "37 orders in 500 schedules, …".
func (o Orders) String() string {
	text := fmt.Sprintf("%d orders, the last new one %d schedules ago; ", o.Seen, o.SinceNew)
	if o.Once == 0 {
		return text + "each came more than once"
	}
	percent, digits := 100*o.NextIsNew(), 0
	for least := 10.0; percent < least && digits < 6; least /= 10 {
		digits++
	}
	return text + fmt.Sprintf("the next schedule has a new one with a chance of about %.*f %%", digits, percent)
}

// orders counts them.
type orders struct {
	seen     map[uint64]uint32
	n, since int
}

func (o *orders) add(order uint64) {
	if o.seen == nil {
		o.seen = map[uint64]uint32{}
	}
	o.n++
	o.since++
	if o.seen[order]++; o.seen[order] == 1 {
		o.since = 0
	}
}

func (o *orders) summary() *Orders {
	if o.n == 0 {
		return nil
	}
	s := &Orders{Schedules: o.n, Seen: len(o.seen), SinceNew: o.since}
	for _, n := range o.seen {
		if n == 1 {
			s.Once++
		}
	}
	return s
}

// saturationStep is after how many schedules Options.UntilSaturated looks whether
// anything new has come, and saturationLeast how many must have brought nothing.
const (
	saturationStep  = 200
	saturationLeast = 100
)

// unsaturated reports whether a run that stops when nothing new comes is to go
// on, with done schedules of a share.
func (x *exploration) unsaturated(done, share uint64) bool {
	o := &x.orders
	return x.s.opts.UntilSaturated && x.kind != strategy.KindDFS && x.chances && done < share && (o.since < saturationLeast || o.since < o.n/2)
}
