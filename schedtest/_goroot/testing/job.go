package testing

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// fearlessEnv names the job file. It is unset before any test runs, so that a
// test that starts its own binary again gets an ordinary one.
const fearlessEnv = "FEARLESS_JOB"

// fearlessNetEnv says that the network is in memory; see package net. That of
// such a binary is not.
const fearlessNetEnv = "FEARLESS_NET"

var fearlessJobFile = func() string {
	name := os.Getenv(fearlessEnv)
	if name != "" {
		os.Unsetenv(fearlessEnv)
		os.Unsetenv(fearlessNetEnv)
	}
	return name
}()

type fearlessJob struct {
	mode, test              string
	kind, depth, length     uint32
	base, seed, from, count uint64
	maxSteps                uint64
	warm, trace             bool
	strict                  bool // a schedule is given up that is not over after so many millis
	earlier                 bool // run the tests before it first
	late                    int64
	procs                   int32
	millis                  int64
	heap                    uint64
	result, state           string
	tries                   [][]uint32 // each: the lists of switches
	seeds                   []uint64   // each: its seed
	choices                 []uint32   // of all of them
	path                    []uint32
	prove, ideal            bool
	user                    []string // packages that are not the distribution's
	memory, unnamed         []int64  // see fearlessRemember
	unknown                 bool     // memory is
	picks                   []uint32
	names                   []uint32   // of goroutines, as the pieces have them
	pieces                  [][]uint32 // to be explored; none is everything
	bound                   int        // see fearlessProveStart
	ask                     string     // a file that is there when others wait for pieces
	least                   int64      // milliseconds in which that does not matter
}

func (j *fearlessJob) parse(text string) error {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		number := func() uint64 {
			n, err := strconv.ParseUint(value, 0, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
		numbers := func(s string) (list []uint32) {
			for f := range strings.FieldsSeq(s) {
				n, err := strconv.ParseUint(f, 10, 32)
				if err != nil {
					panic(err)
				}
				list = append(list, uint32(n))
			}
			return list
		}
		switch key {
		case "mode":
			j.mode = value
		case "test":
			j.test = value
		case "kind":
			j.kind = uint32(number())
		case "depth":
			j.depth = uint32(number())
		case "length":
			j.length = uint32(number())
		case "base":
			j.base = number()
		case "seed":
			j.seed = number()
		case "from":
			j.from = number()
		case "count":
			j.count = number()
		case "maxsteps":
			j.maxSteps = number()
		case "millis":
			j.millis = int64(number())
		case "strict":
			j.strict = true
		case "heap":
			j.heap = number()
		case "warm":
			j.warm = value == "1"
		case "earlier":
			j.earlier = value == "1"
		case "trace":
			j.trace = value == "1"
		case "procs":
			j.procs = int32(number())
		case "late":
			j.late = int64(number())
		case "result":
			j.result = value
		case "state":
			j.state = value
		case "choices":
			j.choices = numbers(value)
		case "prove":
			j.prove, j.ideal = true, value == "ideal"
		case "user":
			j.user = strings.Fields(value)
		case "memory":
			j.unknown = value == "unknown"
			j.memory = fearlessSigned(value)
		case "unnamed":
			j.unnamed = fearlessSigned(value)
		case "names":
			j.names = numbers(value)
		case "piece":
			j.pieces = append(j.pieces, numbers(value))
		case "bound":
			j.bound = int(number())
		case "ask":
			j.ask = value
		case "least":
			j.least = int64(number())
		case "picks":
			j.picks = append([]uint32{}, numbers(value)...)
		case "path":
			j.path = append([]uint32{}, numbers(value)...)
		case "try":
			seed, rest, _ := strings.Cut(value, " ")
			value = seed
			j.seeds = append(j.seeds, number())
			j.tries = append(j.tries, numbers(rest))
		case "":
		default:
			return fmt.Errorf("unknown key %q", key)
		}
	}
	return nil
}

// fearlessSigned reads numbers, as far as there are some.
func fearlessSigned(text string) (list []int64) {
	for f := range strings.FieldsSeq(text) {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return list
		}
		list = append(list, n)
	}
	return list
}
