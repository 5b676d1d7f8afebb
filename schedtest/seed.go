package schedtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// A Seed names one schedule of one test. Its text, such as
// "v1:pct:d3:n120:81f3a0b2c4d5e6f7", replays it on any machine with the same
// program and the same Go version.
type Seed struct {
	Kind     strategy.Kind
	Depth    uint32        // d3: PCT's bug depth, DFS's preemption bound
	Length   uint32        // n120: PCT's number of steps
	Late     time.Duration // l100ms: how late goroutines may be; see strategy.Lateness
	Cold     bool          // cold: the process runs nothing before it
	Proof    string        // prove-any, prove-ideal: switches of a proof, with its timers as Options.Time says; "" for others
	Value    uint64        // the seed proper: 16 hexadecimal digits
	Switches []strategy.Switch
	Choices  []strategy.Switch // c2.1.1: in a switches seed, choices that a depth-first search made; see strategy.Switches
}

var kindNames = map[strategy.Kind]string{
	strategy.KindFirst: "first", strategy.KindRandom: "random", strategy.KindPCT: "pct",
	strategy.KindPOS: "pos", strategy.KindDFS: "dfs", strategy.KindSwitches: "switches",
}

// String returns the text that ParseSeed reads.
func (s Seed) String() string {
	parts := []string{"v1", kindNames[s.Kind]}
	if s.Kind == strategy.KindPCT {
		parts = append(parts, fmt.Sprintf("d%d", s.Depth), fmt.Sprintf("n%d", s.Length))
	}
	if s.Late > 0 {
		parts = append(parts, "l"+s.Late.String())
	}
	if s.Cold {
		parts = append(parts, "cold")
	}
	if s.Proof != "" {
		parts = append(parts, "prove-"+s.Proof)
	}
	parts = append(parts, fmt.Sprintf("%016x", s.Value))
	if s.Kind == strategy.KindSwitches {
		parts = append(parts, switchText(s.Switches))
		if len(s.Choices) > 0 {
			parts = append(parts, "c"+switchText(s.Choices))
		}
	}
	return strings.Join(parts, ":")
}

func switchText(switches []strategy.Switch) string {
	var list []string
	for _, w := range switches {
		list = append(list, fmt.Sprintf("%d.%d.%d", w.From, w.At, w.To))
	}
	return strings.Join(list, ",")
}

// A SeedError reports a text that is not a seed.
type SeedError struct {
	Text string
	Part string // the part at fault
}

func (e *SeedError) Error() string {
	return fmt.Sprintf("seed %q is not whole: %q is not understood; copy it as the failure printed it, from v1 to the end", e.Text, e.Part)
}

// ParseSeed reads a seed as String writes it. Its error is a *SeedError.
func ParseSeed(text string) (Seed, error) {
	var s Seed
	parts := strings.Split(strings.TrimSpace(text), ":")
	if parts[0] != "v1" {
		return s, &SeedError{text, parts[0]}
	}
	if len(parts) < 3 {
		return s, &SeedError{text, text}
	}
	known := false
	for k, name := range kindNames {
		if name == parts[1] && k != strategy.KindDFS {
			s.Kind, known = k, true
		}
	}
	if !known {
		return s, &SeedError{text, parts[1]}
	}
	valued := false
	for _, p := range parts[2:] {
		switch {
		case p == "cold" && !valued:
			s.Cold = true
		case !valued && len(p) > 1 && p[0] == 'l':
			d, err := time.ParseDuration(p[1:])
			if err != nil || d <= 0 {
				return s, &SeedError{text, p}
			}
			s.Late = d
		case (p == "prove-any" || p == "prove-ideal") && !valued && s.Kind == strategy.KindSwitches:
			s.Proof = strings.TrimPrefix(p, "prove-")
		case len(p) == 16 && !valued:
			v, err := strconv.ParseUint(p, 16, 64)
			if err != nil {
				return s, &SeedError{text, p}
			}
			s.Value, valued = v, true
		case valued && s.Kind == strategy.KindSwitches && s.Switches == nil:
			list, ok := parseSwitches(p)
			if !ok {
				return s, &SeedError{text, p}
			}
			s.Switches = list
		case s.Switches != nil && s.Choices == nil && len(p) > 1 && p[0] == 'c':
			list, ok := parseSwitches(p[1:])
			if !ok {
				return s, &SeedError{text, p}
			}
			s.Choices = list
		case s.Kind == strategy.KindPCT && !valued && len(p) > 1 && (p[0] == 'd' || p[0] == 'n'):
			n, err := strconv.ParseUint(p[1:], 10, 32)
			if err != nil {
				return s, &SeedError{text, p}
			}
			if p[0] == 'd' {
				s.Depth = uint32(n)
			} else {
				s.Length = uint32(n)
			}
		default:
			return s, &SeedError{text, p}
		}
	}
	if !valued || s.Kind == strategy.KindPCT && (s.Depth == 0 || s.Length == 0) || s.Kind == strategy.KindSwitches && s.Switches == nil {
		return s, &SeedError{text, text}
	}
	return s, nil
}

func parseSwitches(text string) ([]strategy.Switch, bool) {
	list := []strategy.Switch{}
	if text == "" {
		return list, true
	}
	for part := range strings.SplitSeq(text, ",") {
		fields := strings.Split(part, ".")
		if len(fields) != 3 {
			return nil, false
		}
		var n [3]uint32
		for i, f := range fields {
			v, err := strconv.ParseUint(f, 10, 32)
			if err != nil {
				return nil, false
			}
			n[i] = uint32(v)
		}
		list = append(list, strategy.Switch{From: n[0], At: n[1], To: n[2]})
	}
	return list, true
}
