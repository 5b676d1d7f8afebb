package schedtest

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/pieces"
)

// proofEnd is how a process has ended that proves.
type proofEnd struct {
	spent  time.Duration // in which it explored: the rest it took to begin
	how    string        // "all", "time", "count", "cut", "unsuitable", "diverged", "worn", "damaged"; "" if an execution has failed
	names  pieces.Names
	pieces []explored
}

// explored is what a process has done of one of its pieces.
type explored struct {
	index                    int
	executions, blocked, cut uint64
	schedules                float64
	report                   []uint32
}

func parseExplored(text string) (e explored) {
	f := strings.Fields(text)
	if len(f) < 5 {
		e.index = math.MaxInt // of none: it is not whole
		return e
	}
	e.index, _ = strconv.Atoi(f[0])
	e.executions, _ = strconv.ParseUint(f[1], 10, 64)
	e.blocked, _ = strconv.ParseUint(f[2], 10, 64)
	e.cut, _ = strconv.ParseUint(f[3], 10, 64)
	e.schedules, _ = strconv.ParseFloat(f[4], 64)
	for _, w := range f[5:] {
		n, _ := strconv.ParseUint(w, 10, 32)
		e.report = append(e.report, uint32(n))
	}
	return e
}

func parseNames(text string) (names pieces.Names) {
	f := strings.Fields(text)
	for ; len(f) >= 2; f = f[2:] {
		parent, _ := strconv.ParseUint(f[0], 10, 32)
		k, _ := strconv.ParseUint(f[1], 10, 32)
		names = append(names, pieces.Name{Parent: uint32(parent), K: uint32(k)})
	}
	return names
}
