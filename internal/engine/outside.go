package engine

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/source"
)

// Outside looks for a modelled thread that does not come back to its engine,
// because it blocks on something that no engine knows or runs without an end,
// and says where that is. It is "" if every thread waits for its turn or is in an
// operation. It stops all goroutines for a moment. Those of known are left out.
func Outside(known map[uint64]bool) (goroutine uint64, where string, blocked bool) {
	table := coroutines.table.Load()
	if table == nil {
		return 0, "", false
	}
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		header, frames, _ := strings.Cut(stack, "\n")
		var id uint64
		var state string
		if _, err := fmt.Sscanf(header, "goroutine %d [", &id); err != nil || known[id] || !table.has(id) {
			continue
		}
		_, state, _ = strings.Cut(header, "[")
		state, _, _ = strings.Cut(state, "]")
		state, _, _ = strings.Cut(state, ",")
		if state == "coroutine" {
			continue
		}
		blocked = state != "running" && state != "runnable"
		if at := userFrame(frames); at != "" {
			return id, state + " at " + at, blocked
		}
	}
	return 0, "", false
}

// has reports whether a coroutine is the goroutine with that number.
func (t *coroutineTable) has(number uint64) bool {
	return slices.ContainsFunc(t.slots, func(c *coroutine) bool { return c != nil && c.number == number })
}

// userFrame is the place of the innermost frame outside of the library and the
// standard library, or "" if the engine's own code is further in.
func userFrame(frames string) string {
	lines := strings.Split(frames, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		function := lines[i]
		if open := strings.LastIndexByte(function, '('); open > 0 {
			function = function[:open]
		}
		if strings.HasPrefix(function, source.Module+"internal/engine.") || strings.HasPrefix(function, source.Module+"internal/engine/") {
			return ""
		}
		file, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
		if (isStandard(function, file) || source.InLibrary(function)) && !strings.Contains(file, "_test.go:") {
			continue
		}
		colon := strings.LastIndexByte(file, ':')
		if colon < 0 {
			return file
		}
		if _, err := strconv.Atoi(file[colon+1:]); err != nil {
			return file
		}
		return file[strings.LastIndexByte(file[:colon], '/')+1:]
	}
	return ""
}

// standardRoot is the folder of the standard library in the paths of this
// build, or "" if they are trimmed.
var standardRoot = func() string {
	f := runtime.FuncForPC(reflect.ValueOf(runtime.GC).Pointer())
	file, _ := f.FileLine(f.Entry())
	root, _, _ := strings.Cut(file, "runtime/")
	return root
}()

func isStandard(function, file string) bool {
	if standardRoot != "" {
		return strings.HasPrefix(file, standardRoot)
	}
	return !strings.Contains(strings.SplitN(function, "/", 2)[0], ".")
}
