package engine

import "github.com/fearless-go/fearless/internal/engine/explore"

// pieces.go is for explorations that several processes share: each explores some
// tasks, and says what came of them and what it has left. Who adds that up needs
// no graphs, only the places where runs and failures lie in the walk of one engine.

// A Part is runs that follow one another in the walk of a single engine.
type Part struct {
	At         []int32        `json:"at"` // where it begins, for CompareRanks
	Executions int            `json:"executions"`
	Blocked    int            `json:"blocked"`
	Panicked   int            `json:"panicked,omitempty"`
	Outcomes   map[string]int `json:"outcomes,omitempty"`
}

func exportParts(list []part) []Part {
	out := make([]Part, len(list))
	for i, p := range list {
		out[i] = Part{At: p.at, Executions: p.Complete, Blocked: p.Blocked, Panicked: p.Panicked, Outcomes: p.Outcomes}
	}
	return out
}

// CompareRanks is negative if the place a comes before the place b in the walk of
// a single engine.
func CompareRanks(a, b []int32) int { return explore.Rank(a).Compare(b) }

// A Piece is some of what is left of an exploration.
type Piece struct {
	Left  []byte  // for Options.Resume
	First []int32 // where the first of its executions lies, for CompareRanks
}

// SplitTasks deals what is left of an exploration out into at most n pieces.
// Together they are the whole: each task is in one of them. Tasks that come early
// in the walk are small and later ones large, so they are dealt out in turn.
func SplitTasks(left []byte, n int) ([]Piece, error) {
	tasks, err := explore.ReadTasks(left)
	if err != nil {
		return nil, err
	}
	(&pool{tasks: tasks}).sort()
	n = max(min(n, len(tasks)), 1)
	dealt := make([][]*explore.Task, n)
	for i, t := range tasks {
		dealt[i%n] = append(dealt[i%n], t)
	}
	out := make([]Piece, n)
	for i, list := range dealt {
		out[i].Left = explore.WriteTasks(list)
		if len(list) > 0 {
			out[i].First = list[0].Rank
		}
	}
	return out, nil
}
