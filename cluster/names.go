package cluster

import (
	"fmt"
	"regexp"
)

// names are the streams and subjects of a team.
//
//	fearless.TEAM.work.SYSTEM.RUN.PIECE   pieces, in a work queue
//	fearless.TEAM.result.RUN.PIECE        results, one a subject
//	fearless.TEAM.hunger.SYSTEM           how many workers have nothing to do; not stored
type names struct{ team string }

var team = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

func checkTeam(name string) error {
	if !team.MatchString(name) {
		return &Error{Kind: BadAddress, What: fmt.Sprintf("team %q", name), Next: "use up to 40 letters, digits, - and _"}
	}
	return nil
}

func (n names) workStream() string            { return "FEARLESS-" + n.team + "-WORK" }
func (n names) resultStream() string          { return "FEARLESS-" + n.team + "-RESULTS" }
func (n names) runBucket() string             { return "fearless-" + n.team + "-runs" }
func (n names) leaseBucket() string           { return "fearless-" + n.team + "-leases" }
func (n names) workerBucket() string          { return "fearless-" + n.team + "-workers" }
func (n names) fileStore() string             { return "fearless-" + n.team + "-files" }
func (n names) consumer(system string) string { return "workers-" + system }

func (n names) work(system, run, piece string) string {
	return "fearless." + n.team + ".work." + system + "." + run + "." + piece
}

func (n names) result(run, piece string) string {
	return "fearless." + n.team + ".result." + run + "." + piece
}

func (n names) hunger(system string) string { return "fearless." + n.team + ".hunger." + system }
