package schedtest

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
)

var (
	// "goroutine 7 [chan receive labels:{"a": "b"}]:" of Go 1.26, and
	// "goroutine 7 [chan receive] {a: "b c"}:" of Go 1.27.
	stackHeader = regexp.MustCompile(`^goroutine (\d+)[^\[]*\[([^\]{]*?)(?: labels:(\{.*\})\]|\](?: (\{.*\}))?):$`)
	stackPlace  = regexp.MustCompile(`^\t(.+):(\d+)(?: \+0x[0-9a-f]+)?`)
	labelPair   = regexp.MustCompile(`("(?:[^"\\]|\\.)*"|[^\s:,{}"]+): ("(?:[^"\\]|\\.)*"|[^\s,{}"]+)`)
)

// parseStacks reads a traceback of all goroutines. The ids are goids.
func parseStacks(text string) map[uint64]Goroutine {
	out := map[uint64]Goroutine{}
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		m := stackHeader.FindStringSubmatch(lines[0])
		if m == nil {
			continue
		}
		id, err := strconv.ParseUint(m[1], 10, 64)
		if err != nil {
			continue
		}
		state, _, _ := strings.Cut(m[2], ",") // "chan receive, 2 minutes"
		g := Goroutine{State: strings.TrimSuffix(state, " (leaked)")}
		for _, l := range labelPair.FindAllStringSubmatch(m[3]+m[4], -1) {
			if g.Labels == nil {
				g.Labels = map[string]string{}
			}
			g.Labels[unquote(l[1])] = unquote(l[2])
		}
		for i := 1; i+1 < len(lines); i += 2 {
			place := stackPlace.FindStringSubmatch(lines[i+1])
			if place == nil {
				break
			}
			line, _ := strconv.Atoi(place[2])
			pos := trace.Pos{File: place[1], Line: line}
			if fn, ok := strings.CutPrefix(lines[i], "created by "); ok {
				pos.Func, _, _ = strings.Cut(fn, " in goroutine ")
				g.Created = pos
				break
			}
			pos.Func = funcName(lines[i])
			g.Stack = append(g.Stack, pos)
		}
		out[id] = g
	}
	return out
}

// unquote reads a label's key or value, which may stand in quotes.
func unquote(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return text
}

// funcName cuts the arguments off a line of a traceback.
func funcName(line string) string {
	if i := strings.LastIndexByte(line, '('); i > 0 {
		return line[:i]
	}
	return line
}
