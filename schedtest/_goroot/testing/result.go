package testing

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// line writes to the result file. What cannot be written there is told on
// standard error, for the program to read in the end.
func (d *fearlessDriver) line(format string, args ...any) {
	if _, err := fmt.Fprintf(d.result, format+"\n", args...); err != nil {
		fmt.Fprintln(os.Stderr, fearlessTrouble, err)
	}
}

// fearlessTrouble begins the line that says why a process is of no use.
const fearlessTrouble = "fearless: cannot do the job:"

// behave notes what an iteration did, as fearlessBehaviour has it.
func (d *fearlessDriver) behave(what uint64) {
	if d.behaved = append(d.behaved, what); len(d.behaved) >= 500 {
		d.tellBehaviours()
	}
}

func (d *fearlessDriver) tellBehaviours() {
	if len(d.behaved) > 0 {
		text := fmt.Sprintf("%x", d.behaved)
		d.line("behaved %s", text[1:len(text)-1])
		d.behaved = d.behaved[:0]
	}
}

// end writes that the process is about to end: key is "end", or "worn" if it
// wants a fresh one to go on.
func (d *fearlessDriver) end(key string, length, over uint32) {
	d.tellBehaviours()
	if d.kind == fearlessKindDFS {
		path, _, _ := fearlessDFS(nil)
		text := fmt.Sprint(path)
		d.line("path %s", text[1:len(text)-1])
	}
	d.line("%s %d %d %d %d %d %t %d %d %d %d", key, d.ran, d.steps, d.index, length, over, d.external, d.skips, fearlessHadChances(), d.forced, d.far)
}

// flush writes the outcome of the current iteration.
func (d *fearlessDriver) flush(outcome, stacks string) {
	steps, _, _, events, external, _, _ := fearlessStats()
	d.line("result %s %d %d %d %#x %d %d %d %d %t", outcome, d.index, d.kind, d.depth, d.seed, d.length, steps, d.ran, d.steps, external)
	fires, lateBy, forced := fearlessLateness()
	d.line("late %d %d %d", fires, lateBy, forced)
	if said := fearlessSaid(); said != "" {
		d.line("said %q", said[:min(len(said), 1<<12)])
	}
	if d.out.Len() > 0 {
		out := d.out.Bytes()
		if len(out) > 1<<20 {
			out = append(out[:1<<20:1<<20], "\n... (more output left out)\n"...)
		}
		d.line("output %q", out)
	}
	if stacks != "" {
		d.line("stacks %q", stacks)
	}
	for i := 0; ; i++ {
		id, alive, leaked, ok := fearlessGoroutine(i)
		if !ok {
			break
		}
		if alive && (leaked || outcome != "stuck") && (outcome != "polls" || fearlessPolling(i)) {
			d.line("goroutine %d %d", i+1, id)
		}
	}
	if d.job.prove {
		picks, strayed := fearlessProvePicks()
		if d.job.mode == "prove" {
			d.proofOver = true
			text := fmt.Sprint(picks)
			d.line("picks %s", text[1:len(text)-1])
			d.names()
			d.limits()
		} else if strayed {
			d.line("strayed")
		}
	}
	known := map[uintptr]string{}
	for i := range d.events[:events:cap(d.events)] {
		e := &d.events[:events][i]
		var frames strings.Builder
		for _, pc := range e.PC {
			if pc == 0 {
				break
			}
			text, ok := known[pc]
			if !ok {
				var b strings.Builder
				it := runtime.CallersFrames([]uintptr{pc})
				for {
					f, more := it.Next()
					fmt.Fprintf(&b, "\t%s\t%s:%d", f.Function, f.File, f.Line)
					if !more {
						break
					}
				}
				text = b.String()
				known[pc] = text
			}
			frames.WriteString(text)
		}
		d.line("event %d %d %t %d %d %d %d %d%s", e.ID, e.Op, e.Deviate, e.Pick, e.Last, e.Done, e.Addr, e.Races, frames.String())
	}
	if outcome != "pass" {
		d.end("end", d.length, 0)
	}
}

// leaves writes which goroutines the iteration has left asleep.
func (d *fearlessDriver) leaves() {
	d.left = true
	d.line("left %q", fearlessStacks())
	for i := 0; ; i++ {
		id, alive, _, ok := fearlessGoroutine(i)
		if !ok {
			break
		}
		if alive {
			d.line("leaves %d %d", i+1, id)
		}
	}
}

// fearlessStacks is the traceback of all goroutines.
func fearlessStacks() string {
	for size := 1 << 18; ; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size > 1<<26 {
			return string(buf[:n])
		}
	}
}
