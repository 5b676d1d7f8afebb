package trace

import (
	"os"
	"slices"
	"strings"
)

// context is how many lines a page shows before and after one that is used.
const context = 40

// maxSource is the largest file that a page shows lines of, in bytes.
const maxSource = 4 << 20

// A chunk is some lines of a file.
type chunk struct {
	First int      `json:"first"` // number of the first one, from 1
	Lines []string `json:"lines"`
}

// sources are the lines around each step, by the file's short name. A file that
// cannot be read now is left out: a trace may be drawn on another machine.
func (t *Trace) sources(short map[string]string) map[string][]chunk {
	used := make(map[string][]int)
	for _, s := range t.Steps {
		if s.Pos.File != "" && s.Pos.Line > 0 {
			used[s.Pos.File] = append(used[s.Pos.File], s.Pos.Line)
		}
	}
	sources := make(map[string][]chunk)
	for file, lines := range used {
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if chunks := chunksAround(strings.Split(string(text), "\n"), lines); len(chunks) > 0 {
			sources[short[file]] = chunks
		}
	}
	return sources
}

// chunksAround are the lines of text around those that are used, in order.
func chunksAround(text []string, used []int) []chunk {
	slices.Sort(used)
	var chunks []chunk
	next := 1 // the first line that is in no chunk
	for _, n := range used {
		if n > len(text) {
			break
		}
		from, to := max(next, n-context), min(len(text), n+context)
		if from > to {
			continue
		}
		if len(chunks) == 0 || from > next {
			chunks = append(chunks, chunk{First: from})
		}
		last := &chunks[len(chunks)-1]
		for _, line := range text[from-1 : to] {
			last.Lines = append(last.Lines, printable(line))
		}
		next = to + 1
	}
	return chunks
}

// printable is clean with tabs as four blanks.
func printable(line string) string {
	return clean(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    "))
}
