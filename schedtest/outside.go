package schedtest

import (
	"fmt"
	"strings"
)

// waits reports whether o came to a stop in a wait for the outside: for the
// network, another process, a file lock. Nobody can say whether that would come,
// so it is no failure, and no pass.
func (o *outcome) waits() bool { return o.word == "outside" || o.word == "unclear" }

// outside makes of o, which waits for the outside, the verdict, and keeps who
// waits where beside it.
func (x *exploration) outside(o *outcome, seed Seed) {
	f := x.finding(o, seed)
	f.Schedule, f.Rank, f.External = x.result.Schedules, ForOutside, true
	x.result.Verdict, x.result.Reason = Unsuitable, f.Message+outsidePlaces(f.Goroutines)
	x.result.Finding = nil
	x.aside(f)
}

// outsidePlaces names up to three places at which goroutines wait for the outside.
func outsidePlaces(list []Goroutine) string {
	var places []string
	for _, g := range list {
		if (g.State != "IO wait" && g.State != "syscall") || g.At.File == "" {
			continue
		}
		what := g.Call
		if what == "" {
			what = g.State
		}
		places = append(places, fmt.Sprintf("%s at %s", what, posText(g.At)))
	}
	switch n := len(places); {
	case n == 0:
		return ""
	case n > 3:
		places = append(places[:3], fmt.Sprintf("and %d more", n-3))
	}
	return ": " + strings.Join(places, ", ")
}
