package tour_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/tour"
)

// solutions are what makes each exercise pass, as pairs of old and new text.
var solutions = map[string][]string{
	"ch1-undefined-behavior": {"\tn := 0\n", "\tvar mu sync.Mutex\n\tn := 0\n", "n++\n", "mu.Lock()\nn++\nmu.Unlock()\n"},
	"ch1-spurious-wake-ups":  {"\tif !ready", "\tfor !ready"},
	"ch1-12-condvar":         {"\tif len(q.items)", "\tfor len(q.items)"},
	"ch2-relaxed-out-of-order": {
		"ready.Store(true, atomic.Relaxed)", "ready.Store(true, atomic.Release)",
		"ready.Load(atomic.Relaxed)", "ready.Load(atomic.Acquire)",
	},
	"ch2-12-id-allocation-without-overflow": {
		"\tnext.Store(id+1, atomic.Relaxed)\n\treturn id, true\n",
		"\tif _, ok := next.CompareExchange(id, id+1, atomic.Relaxed, atomic.Relaxed); !ok {\n\t\treturn allocate(next)\n\t}\n\treturn id, true\n",
	},
}

// Every exercise fails as it stands, and passes when it is solved.
func TestExercisesLong(t *testing.T) {
	long.Only(t, "it builds ten programs for the checkers")
	lessons, err := tour.Lessons()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, tour.Limits{})
	for _, l := range lessons {
		for i, sheet := range l.Sheets {
			if sheet.Check == "" {
				continue
			}
			solution := solutions[l.Name]
			if solution == nil {
				t.Errorf("%s: no solution is known", l.Name)
			}
			p := press{Lesson: l.Name, Sheet: i, Tool: string(sheet.Check), Source: sheet.Source}
			if got := s.press(p); got.end.OK || got.end.Solved || got.end.Text != "something was found" {
				t.Errorf("%s: as it stands: %+v\n%s", l.Name, got.end, got.out)
			}
			p.Source = strings.NewReplacer(solution...).Replace(sheet.Source)
			if got := s.press(p); !got.end.OK || !got.end.Solved {
				t.Errorf("%s: solved: %+v\n%s", l.Name, got.end, got.out)
			}
		}
	}
}
