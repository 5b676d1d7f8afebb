package schedtest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// WriteText writes the report for a terminal or a log, in the form of go test:
// a FAIL block for each finding, then a line for each package.
func (r *Report) WriteText(w io.Writer, verbose bool) error {
	var b bytes.Buffer
	packages := []string{}
	byPackage := map[string][]TestResult{}
	for _, t := range r.Results {
		if byPackage[t.Package] == nil {
			packages = append(packages, t.Package)
		}
		byPackage[t.Package] = append(byPackage[t.Package], t)
	}
	for _, p := range packages {
		all, schedules, elapsed := Proven, uint64(0), time.Duration(0)
		counts, omitted := map[Verdict]int{}, 0
		for _, t := range byPackage[p] {
			writeResult(&b, t, verbose)
			all = worse(all, t.weighs())
			if t.Skipped && t.Schedules == 0 {
				omitted++
			} else {
				counts[t.verdict()]++
			}
			schedules += t.Schedules
			elapsed += t.Elapsed
		}
		word := "ok  "
		switch all.ExitStatus() {
		case 1:
			word = "FAIL"
		case 3:
			word = strings.ToUpper(string(all))
		}
		fmt.Fprintf(&b, "%s\t%s\t%.3fs\t%d schedules of %d tests%s\n", word, p, elapsed.Seconds(), schedules, len(byPackage[p]), countText(counts, omitted))
	}
	for _, p := range r.NoTests {
		fmt.Fprintf(&b, "?   \t%s\t[no tests to run]\n", p)
	}
	for _, c := range r.Coverage {
		fmt.Fprintf(&b, "coverage of %s by all schedules: %.1f%% of statements\n", c.Package, c.Percent())
	}
	if r.LeftOut {
		fmt.Fprintln(&b, "the other tests were not run: -failfast")
	}
	if missing := r.MissingShards(); missing != nil {
		fmt.Fprintf(&b, "incomplete: no report of shard %s\n", strings.Join(missing, ", "))
	}
	if r.Interrupted {
		fmt.Fprintln(&b, "interrupted: what was found so far is above")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// countText is ": 2 passed, 1 undecided, 1 skipped", or nothing when all have passed.
func countText(counts map[Verdict]int, omitted int) string {
	var parts []string
	for _, v := range slices.SortedFunc(maps.Keys(counts), func(a, b Verdict) int { return a.rank() - b.rank() }) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[v], v))
	}
	if omitted > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", omitted))
	} else if len(counts) == 1 && counts[Passed] > 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

func writeResult(b *bytes.Buffer, t TestResult, verbose bool) {
	f := t.Finding
	if f == nil && t.Proof != nil {
		writeProof(b, &t)
		return
	}
	if f == nil {
		omitted := t.Skipped && t.Schedules == 0 // a comment asked for that
		if verbose || len(t.Notes) > 0 || omitted || t.verdict().ExitStatus() != 0 {
			how := ""
			switch {
			case t.Complete && t.Bound != "":
				how = ", all there are with " + t.Bound
			case t.Orders != nil && t.verdict() == Passed && !t.Skipped && !t.External:
				how = "; sampled: " + t.Orders.String()
			case t.External:
				how = "; it waited for the outside, so replay is best effort"
			}
			word := strings.ToUpper(string(t.verdict()))
			switch {
			case t.verdict() != Passed:
			case t.Skipped:
				word = "SKIP"
			default:
				word = "PASS"
			}
			fmt.Fprintf(b, "--- %s: %s (%d schedules, %.2fs%s)\n", word, cmp.Or(t.Test, t.Package), t.Schedules, t.Elapsed.Seconds(), how)
		}
		if t.Reason != "" {
			fmt.Fprintf(b, "    %s\n", t.Reason)
		}
		for _, n := range t.Notes {
			fmt.Fprintf(b, "    note: %s\n", n)
		}
		for _, f := range t.Aside {
			writeAside(b, t.Test, f, verbose)
		}
		return
	}
	if t.Test == "" {
		fmt.Fprintf(b, "--- FAIL: %s: %s\n", f.Kind, f.Message)
		indent(b, f.Output)
		return
	}
	fmt.Fprintf(b, "--- FAIL: %s (schedule %d, %.2fs)\n", t.Test, f.Schedule, t.Elapsed.Seconds())
	writeFinding(b, f, verbose)
	for _, n := range t.Notes {
		fmt.Fprintf(b, "    note: %s\n", n)
	}
	writeReplay(b, f, verbose)
	for _, f := range t.Aside {
		writeAside(b, t.Test, f, verbose)
	}
}

// writeAside writes a finding that does not fail the run.
func writeAside(b *bytes.Buffer, test string, f *Finding, verbose bool) {
	fmt.Fprintf(b, "--- %s: %s (schedule %d), which does not fail the run\n", strings.ToUpper(string(f.Rank)), test, f.Schedule)
	writeFinding(b, f, verbose)
	switch f.Rank {
	case Late:
		fmt.Fprintf(b, "    note: -late-fails makes the run fail for it; -late D leaves out all with goroutines later than D\n")
	case ForOutside:
		fmt.Fprintf(b, "    note: a schedule may wait for the outside ten times as long as -stall says\n")
	default:
		fmt.Fprintf(b, "    note: it did not come back in a new process: it depends on more than the schedule, such as what earlier schedules left behind, real time or the outside\n")
	}
	writeReplay(b, f, verbose)
}

// writeFinding writes what went wrong, to whom, and by which switches.
func writeFinding(b *bytes.Buffer, f *Finding, verbose bool) {
	fmt.Fprintf(b, "    %s: %s\n", f.Kind, f.Message)
	alike := map[string]int{}
	for _, g := range f.Goroutines {
		alike[g.what()]++
	}
	shown := map[string]int{}
	for _, g := range f.Goroutines {
		what := g.what()
		shown[what]++
		switch n := alike[what]; {
		case n <= maxAlike || shown[what] < maxAlike:
			fmt.Fprintf(b, "      goroutine %d%s\n", g.ID, what)
		case shown[what] == maxAlike:
			fmt.Fprintf(b, "      … and %d more like it\n", n-maxAlike+1)
		}
	}
	if len(f.Cycle) > 0 {
		fmt.Fprintf(b, "    a circle: %s\n", f.cycleText())
	}
	writeSwitches(b, f)
	if f.Late > 0 {
		fmt.Fprintf(b, "    a timer fires while goroutines that could run are late, by %v at most\n", f.Late)
	}
}

// writeSwitches writes the context switches that matter, of a finding that has
// a schedule which repeats.
func writeSwitches(b *bytes.Buffer, f *Finding) {
	if f.Trace == nil || !f.Exact {
		return
	}
	list := f.Trace.Switches()
	none := f.Switches == 0 && (strings.HasPrefix(f.Seed, "v1:switches:") || strings.HasPrefix(f.Seed, "v1:first:"))
	switch {
	case len(list) > 0 && !none:
		fmt.Fprintf(b, "    the context switches that matter:\n")
		for i, s := range list {
			if i == 20 {
				fmt.Fprintf(b, "      … and %d more\n", len(list)-i)
				break
			}
			fmt.Fprintf(b, "      %s\n", s)
		}
	case f.Switches > 0:
		fmt.Fprintf(b, "    no goroutine is interrupted: it matters which one goes on when another blocks or ends\n")
	case f.Choices > 0:
		fmt.Fprintf(b, "    no forced context switch is needed, only the choices that the seed lists\n")
	case drawsMatter(f.Seed):
		fmt.Fprintf(b, "    no forced context switch is needed, in the default order it fails with what this seed draws: random numbers, maps' order, ready cases, or what a Read gets\n")
	default:
		fmt.Fprintf(b, "    no forced context switch is needed: the default schedule fails\n")
	}
}

// drawsMatter reports whether the schedule of a seed is the default one but for
// what is drawn from it.
func drawsMatter(text string) bool {
	s, err := ParseSeed(text)
	return err == nil && s.Value != 0 && s.Kind == strategy.KindSwitches
}

func writeReplay(b *bytes.Buffer, f *Finding, verbose bool) {
	if f.External {
		fmt.Fprintf(b, "    note: the test waited for the outside, so replay is best effort\n")
	}
	fmt.Fprintf(b, "    replay: %s\n", f.Replay)
	if verbose && f.Original != f.Seed {
		fmt.Fprintf(b, "    found by: %s\n", f.Original)
	}
	out := f.Output
	if lines := strings.Split(out, "\n"); !verbose && len(lines) > 60 {
		out = strings.Join(lines[:60], "\n") + fmt.Sprintf("\n… and %d more lines; -v shows all", len(lines)-60)
	}
	indent(b, out)
}

// maxAlike is how many lines are printed for goroutines that differ in their
// numbers only.
const maxAlike = 10

// what is all that is said of a goroutine after its number.
func (g Goroutine) what() string {
	var s strings.Builder
	if g.Name != "" {
		s.WriteString(" " + g.Name)
	}
	for _, k := range slices.Sorted(maps.Keys(g.Labels)) {
		fmt.Fprintf(&s, " %s=%q", k, g.Labels[k])
	}
	s.WriteString(": " + cmp.Or(g.Function, g.State))
	if g.Object != "" {
		s.WriteString(" on " + g.Object)
	}
	if g.At.File != "" {
		s.WriteString(" at " + posText(g.At))
	}
	if g.Library.File != "" {
		fmt.Fprintf(&s, " (%s at %s)", g.State, posText(g.Library))
	}
	for i, h := range g.HeldBy {
		if i == 3 {
			fmt.Fprintf(&s, " and %d more", len(g.HeldBy)-i)
			break
		}
		word := ", held by"
		if i > 0 {
			word = " and"
		}
		fmt.Fprintf(&s, "%s goroutine %d since %s", word, h.ID, posText(h.At))
	}
	if g.Behind != nil {
		fmt.Fprintf(&s, ", behind goroutine %d, a writer that waits for it at %s", g.Behind.ID, posText(g.Behind.At))
	}
	if g.LastUse != nil {
		fmt.Fprintf(&s, ", which goroutine %d used last at %s", g.LastUse.ID, posText(g.LastUse.At))
	}
	if g.Created.File != "" {
		s.WriteString(", started at " + posText(g.Created))
	}
	return s.String()
}

// posText is "file.go:12".
func posText(p trace.Pos) string {
	return fmt.Sprintf("%s:%d", p.File[strings.LastIndexAny(p.File, `/\`)+1:], p.Line)
}

func indent(b *bytes.Buffer, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(b, "        %s\n", strings.TrimRight(line, "\r\n"))
	}
}
