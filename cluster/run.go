package cluster

import "time"

// State is where a run stands.
type State string

// The states of a run.
const (
	Open State = "open" // pieces are left, or may be
	Over State = "over"
)

// A Run is an exploration as the cluster knows it.
type Run struct {
	Name    string    `json:"name"`   // one word; the same for the same binaries and options
	Title   string    `json:"title"`  // for people
	System  string    `json:"system"` // see [System]: who can run it
	Owner   string    `json:"owner"`  // the coordinator's machine and process
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
	State   State     `json:"state"`
	Pieces  int       `json:"pieces"` // done so far
	Left    int       `json:"left"`   // known and not done
	GaveUp  int       `json:"gaveUp"` // of those done: nobody could
	Failed  int       `json:"failed"` // failures that the owner counts
}

// Rate is how many pieces were done a second, so far or in all.
func (r Run) Rate() float64 {
	if d := r.Updated.Sub(r.Created).Seconds(); d > 0 {
		return float64(r.Pieces) / d
	}
	return 0
}
