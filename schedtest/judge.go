package schedtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

// kindOf names an outcome that is not a pass.
func (x *exploration) kindOf(o *outcome) Kind {
	switch o.word {
	case "deadlock", "unclear":
		return Deadlock
	case "livelock":
		return Livelock
	case "race":
		return DataRace
	case "hang", "outside":
		return Hang
	case "fail":
		return TestFailure
	case "polls":
		return GoroutineLeak
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
		f.Message = blockedMessage(f.Kind, o.word, f.Goroutines)
	case Livelock:
		f.Goroutines = x.blocked(o)
		f.Message = livelockMessage(o.steps, f.Goroutines, x.s.opts.proving)
	case Hang:
		f.Goroutines = x.running(o)
		f.Output = console
		f.Message = fmt.Sprintf("no scheduling point for %v: a loop without synchronization", x.s.opts.Stall)
		if o.word == "outside" {
			f.Message = fmt.Sprintf("it waited for %v for something outside the program", outsideFactor*x.s.opts.Stall)
		}
	case DataRace:
		f.Message = x.origin.raceMessage(o.console)
	case TestFailure:
		f.Message = failureMessage(o)
	case Exit:
		f.Message = fmt.Sprintf("the test ended the process with status %d", o.code)
		if o.after {
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
		if f.Kind == Deadlock || f.Kind == PartialDeadlock || f.Kind == GoroutineLeak {
			x.holders(o, f)
		}
		tellWaits(f)
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
		if at := created[fmt.Sprint(f.Goroutines[i].ID)]; at.File != "" && packageOf(at.Func) != "testing" {
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

// place finds where in the user's own code a goroutine stands, what that calls,
// and names it by the function that it was started with.
func (x *exploration) place(g *Goroutine) {
	n := len(g.Stack)
	if n == 0 {
		return
	}
	i := x.origin.first(n, func(i int) (fn, file string) { return g.Stack[i].Func, g.Stack[i].File })
	if i < 0 {
		g.At, g.Name = g.Stack[0], shortFunc(g.Stack[n-1].Func)
		if text := x.source.goStatement(g.Created); text != "" {
			// go mu.Lock(): all that is the user's is that statement.
			g.At, g.Name = g.Created, text
			g.Call, g.Object = x.source.blocked(g.At, g.Stack[n-1].Func, g.State)
		}
		return
	}
	g.At = g.Stack[i]
	for _, wanted := range []func(fn, file string) bool{x.origin.mine, x.origin.user} {
		for _, p := range g.Stack {
			if wanted(p.Func, p.File) && !isGoWrapper(p.Func) {
				g.Name = shortFunc(p.Func) // the outermost
			}
		}
		if g.Name != "" {
			break
		}
	}
	if g.Name == "" {
		g.Name = x.source.goStatement(g.Created)
	}
	if packageOf(g.Created.Func) == "testing" {
		g.Created = trace.Pos{} // the test itself
	}
	called := ""
	if i > 0 {
		called = g.Stack[i-1].Func
	}
	g.Call, g.Object = x.source.blocked(g.At, called, g.State)
	for _, p := range g.Stack[:i] {
		if x.origin.user(p.Func, p.File) {
			g.Library, g.Function = p, plainFunc(called)
			break
		}
	}
}

// plainFunc is a function's name as a user knows it: "lock.Mutex.Lock".
func plainFunc(fn string) string {
	return strings.NewReplacer("(*", "", "(", "", ")", "", "[...]", "").Replace(shortFunc(fn))
}

// shortFunc cuts the import path's folders off a function's name.
func shortFunc(fn string) string {
	return fn[strings.LastIndexByte(fn, '/')+1:]
}

// livelockMessage says who goes round, and who waits for those that do.
func livelockMessage(steps uint64, left []Goroutine, proven bool) string {
	if proven {
		return "the goroutines that can run go round in circles for ever: nothing is left that could end their loops"
	}
	waiting := 0
	for _, g := range left {
		if g.State != "runnable" && g.State != "running" {
			waiting++
		}
	}
	if waiting == 0 {
		return fmt.Sprintf("after %d steps of a fair schedule every goroutine goes round in circles", steps)
	}
	return fmt.Sprintf("after %d steps of a fair schedule every goroutine that can run goes round in circles, and nobody wakes the %d blocked", steps, waiting)
}

func blockedMessage(kind Kind, word string, list []Goroutine) string {
	states := map[string]int{}
	for _, g := range list {
		states[cmp.Or(g.Function, g.State)]++
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d in %s", states[s], s))
	}
	what := "the test has returned and its goroutines are blocked for good"
	switch {
	case word == "unclear":
		what = "the test and all its goroutines are blocked, while others wait for the outside, which may wake them"
	case kind == Deadlock:
		what = "the test and all its goroutines are blocked for good"
	case word == "polls":
		what = "the test has returned, and goroutines of it still run, woken by timers only"
	case word == "stuck":
		what = "goroutines are blocked for good, for nothing that still runs can reach what they wait for"
	}
	if len(parts) == 0 {
		return what
	}
	return what + ": " + strings.Join(parts, ", ")
}

// failureMessage is what the test said as it failed, in a line; or if it said
// nothing, the first thing that it logged. A fuzz test's seeds report on the console.
func failureMessage(o *outcome) string {
	output := o.output
	if i := strings.Index(o.console, "--- FAIL: "); i >= 0 {
		output += o.console[i:]
	}
	place := ""
	for line := range strings.Lines(o.said + "\n" + output) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "Error Trace:"):
		case strings.HasSuffix(line, ":") && place == "":
			place = line // what is said begins in the next line, as assertions print it
		case place != "":
			return place + " " + strings.Join(strings.Fields(line), " ")
		default:
			return line
		}
	}
	if place != "" {
		return place
	}
	return "the test failed"
}
