package schedtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

// kindOf names an outcome that is not a pass.
func (x *exploration) kindOf(o *outcome) Kind {
	switch o.word {
	case "deadlock":
		return Deadlock
	case "livelock":
		return Livelock
	case "race":
		return DataRace
	case "hang", "outside":
		return Hang
	case "fail":
		return TestFailure
	case "leak", "stuck":
		for _, g := range x.blocked(o) {
			if strings.HasPrefix(g.State, "sync.") && g.State != "sync.WaitGroup.Wait" && g.State != "sync.Cond.Wait" {
				return PartialDeadlock
			}
		}
		return GoroutineLeak
	}
	if kind, _ := classify(o.console); kind != "" {
		return kind
	}
	return Exit
}

// maxGoroutines is how many goroutines a finding has; its message counts all.
const maxGoroutines = 1000

// finding describes an outcome that is not a pass.
func (x *exploration) finding(o *outcome, seed Seed) *Finding {
	f := &Finding{Kind: x.kindOf(o), Seed: seed.String(), Original: seed.String(), Replay: x.replayCommand(seed),
		External: o.external, Switches: len(seed.Switches), Choices: len(seed.Choices)}
	f.Output = strings.TrimRight(o.output, "\n")
	console := strings.TrimRight(o.console, "\n")
	if console != "" && f.Kind != Hang {
		if f.Output != "" {
			f.Output += "\n"
		}
		f.Output += console
	}
	switch f.Kind {
	case Deadlock, GoroutineLeak, PartialDeadlock:
		f.Goroutines = x.blocked(o)
		f.Message = blockedMessage(f.Kind, o.word == "stuck", f.Goroutines)
	case Livelock:
		f.Goroutines = x.blocked(o)
		f.Message = fmt.Sprintf("after %d steps of a fair schedule every goroutine goes round in circles", o.steps)
	case Hang:
		f.Goroutines = x.running(o)
		f.Output = console
		f.Message = fmt.Sprintf("no scheduling point for %v: a loop without synchronization", x.s.opts.Stall)
		if o.word == "outside" {
			f.Message = fmt.Sprintf("a wait of %v for something outside the program; -stall sets a tenth of the limit", outsideFactor*x.s.opts.Stall)
		}
	case DataRace:
		f.Message = raceMessage(o.console)
	case TestFailure:
		f.Message = failureMessage(o.output, o.console)
	case Exit:
		f.Message = fmt.Sprintf("the test ended the process with status %d", o.code)
		if o.late {
			f.Message = fmt.Sprintf("the test passed, and TestMain ended the process with status %d", o.code)
		}
	default:
		_, f.Message = classify(o.console)
		f.Message = strings.TrimPrefix(f.Message, string(Panic)+": ")
	}
	f.Goroutines = f.Goroutines[:min(len(f.Goroutines), maxGoroutines)]
	if len(o.events) > 0 {
		f.Trace = x.trace(o, f)
		x.startedBy(f)
	}
	return f
}

// startedBy corrects where goroutines were started that a function of the
// distribution started for the code under test, as wg.Go does.
func (x *exploration) startedBy(f *Finding) {
	if f.Kind == Hang {
		return
	}
	created := map[string]trace.Pos{}
	for _, l := range f.Trace.Lanes {
		name, _, _ := strings.Cut(strings.TrimPrefix(l.Name, "goroutine "), " ")
		created[name] = l.Created
	}
	for i := range f.Goroutines {
		if at := created[fmt.Sprint(f.Goroutines[i].ID)]; at.File != "" {
			f.Goroutines[i].Created = at
		}
	}
}

// blocked returns the goroutines of the iteration that are left, by id, without
// the one that waits for the test.
func (x *exploration) blocked(o *outcome) []Goroutine {
	if o.left != nil {
		return o.left
	}
	stacks := parseStacks(o.stacks)
	out := []Goroutine{}
	for goid, id := range o.goids {
		g, ok := stacks[goid]
		if !ok || id == 1 || g.State == "IO wait" || g.State == "syscall" {
			continue
		}
		g.ID = id
		x.place(&g)
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Goroutine) int { return int(a.ID) - int(b.ID) })
	o.left = out
	return out
}

// running returns the goroutines of a traceback that a process printed as it
// was ended. Their ids are goids: the process could not tell ours.
func (x *exploration) running(o *outcome) []Goroutine {
	var out []Goroutine
	stacks := parseStacks(o.console)
	for _, goid := range slices.Sorted(maps.Keys(stacks)) {
		g := stacks[goid]
		g.ID = uint32(goid)
		ours := slices.ContainsFunc(g.Stack, func(p trace.Pos) bool { return x.origin.user(p.Func, p.File) })
		if goid == 1 || !ours {
			continue // the driver, or the runtime's
		}
		x.place(&g)
		out = append(out, g)
	}
	return out
}

// place finds where in the code under test a goroutine stands, and names it by
// the function that it was started with.
func (x *exploration) place(g *Goroutine) {
	for _, p := range g.Stack {
		if g.At.File == "" && x.origin.user(p.Func, p.File) {
			g.At = p
		}
	}
	for _, p := range g.Stack {
		if x.origin.user(p.Func, p.File) {
			g.Name = shortFunc(p.Func) // the outermost
		}
	}
	if n := len(g.Stack); n > 0 && g.At.File == "" {
		g.At = g.Stack[0]
		g.Name = shortFunc(g.Stack[n-1].Func)
	}
}

// shortFunc cuts the import path's folders off a function's name.
func shortFunc(fn string) string {
	return fn[strings.LastIndexByte(fn, '/')+1:]
}

func blockedMessage(kind Kind, othersRun bool, list []Goroutine) string {
	states := map[string]int{}
	for _, g := range list {
		states[g.State]++
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d in %s", states[s], s))
	}
	what := "the test has returned and its goroutines are blocked for good"
	switch {
	case kind == Deadlock:
		what = "the test and all its goroutines are blocked for good"
	case othersRun:
		what = "goroutines are blocked for good, for nothing that still runs can reach what they wait for"
	}
	if len(parts) == 0 {
		return what
	}
	return what + ": " + strings.Join(parts, ", ")
}

// raceMessage is the two accesses of the last report of the race detector.
func raceMessage(console string) string {
	i := strings.LastIndex(console, "WARNING: DATA RACE")
	if i < 0 {
		return "the race detector reported a race"
	}
	var parts []string
	lines := strings.Split(console[i:], "\n")
	for n, line := range lines {
		if n+2 < len(lines) && (strings.Contains(line, " at 0x") && strings.Contains(line, " by ")) {
			what, _, _ := strings.Cut(line, " at 0x")
			// "      /dir/x.go:7 +0x3a"
			place, _, _ := strings.Cut(strings.TrimSpace(lines[n+2]), " +0x")
			fn := funcName(strings.TrimSpace(lines[n+1]))
			parts = append(parts, fmt.Sprintf("%s in %s at %s", strings.ToLower(strings.TrimSpace(what)), shortFunc(fn), place[strings.LastIndexAny(place, `/\`)+1:]))
		}
	}
	return strings.Join(parts, "; ")
}

// failureMessage is the first thing that a failed test logged. A fuzz test's
// seeds report on the console.
func failureMessage(output, console string) string {
	if i := strings.Index(console, "--- FAIL: "); i >= 0 {
		output += console[i:]
	}
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "--- ") && !strings.HasPrefix(line, "=== ") {
			return line
		}
	}
	return "the test failed"
}
