package schedtest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A Coverage says how much of the code the schedules of a package's tests have
// run, all together. What a process did that failed with a panic, or that had to
// be ended, is not in it.
type Coverage struct {
	Package    string `json:"package"`
	Statements int    `json:"statements"`
	Covered    int    `json:"covered"`
}

// Percent is how many of a hundred statements were run.
func (c Coverage) Percent() float64 {
	if c.Statements == 0 {
		return 0
	}
	return 100 * float64(c.Covered) / float64(c.Statements)
}

// blocks are the counts of a coverage profile, by its lines without them.
type blocks struct {
	mode   string
	counts map[string]uint64 // "file.go:1.2,3.4 5" (five statements)
}

// read adds the profile that a process wrote, if it wrote one.
func (b *blocks) read(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil // it came to no end, or does not count
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if mode, ok := strings.CutPrefix(line, "mode: "); ok {
			b.mode = mode
			continue
		}
		block, count, ok := cutLast(line, " ")
		n, err := strconv.ParseUint(count, 10, 64)
		if !ok || err != nil {
			return fmt.Errorf("a coverage profile has the line %q", line)
		}
		b.count(block, n)
	}
	return nil
}

func (b *blocks) count(block string, n uint64) {
	if b.counts == nil {
		b.counts = map[string]uint64{}
	}
	if b.mode == "set" {
		b.counts[block] = max(b.counts[block], n)
		return
	}
	b.counts[block] += n
}

func (b *blocks) add(other blocks) {
	b.mode = cmp.Or(other.mode, b.mode)
	for block, n := range other.counts {
		b.count(block, n)
	}
}

// cover adds to the report what the processes of a package's tests have covered.
func (s *session) cover(pkg string, b blocks) {
	if b.counts == nil {
		return
	}
	c := Coverage{Package: pkg}
	for block, n := range b.counts {
		_, text, _ := cutLast(block, " ")
		statements, _ := strconv.Atoi(text)
		c.Statements += statements
		if n > 0 {
			c.Covered += statements
		}
	}
	s.report.Coverage = append(s.report.Coverage, c)
	s.report.blocks.add(b)
}

// WriteCoverProfile writes what the schedules of all packages have covered, in
// the form that go tool cover reads. Of a run without Options.Cover, or of a
// report that was read from a file, there is nothing to write but the first line.
func (r *Report) WriteCoverProfile(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "mode: %s\n", cmp.Or(r.blocks.mode, "set"))
	for _, block := range slices.Sorted(maps.Keys(r.blocks.counts)) {
		fmt.Fprintf(&text, "%s %d\n", block, r.blocks.counts[block])
	}
	_, err := io.WriteString(w, text.String())
	return err
}
