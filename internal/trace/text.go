package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCell is how many characters of a name or an operation a line shows.
const maxCell = 64

// WriteText writes t for a terminal or a log: the headline, the detail, the
// switches that [Trace.Switches] tells, then one line a step, the lanes, and
// how to replay it. Steps are numbered from 1; `<- 3 reads-from` on a line
// means that an edge leads from step 3 to it.
func (t *Trace) WriteText(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	buf := bufio.NewWriter(w)
	fmt.Fprintln(buf, clean(t.Headline))
	for line := range strings.Lines(cleanLines(t.Detail)) {
		fmt.Fprintf(buf, "    %s\n", strings.TrimRight(line, "\n"))
	}
	if switches := t.Switches(); len(switches) > 0 {
		fmt.Fprintln(buf)
		for _, s := range switches {
			fmt.Fprintf(buf, "  %s\n", s)
		}
	}
	t.textSteps(buf)
	t.textLanes(buf)
	if t.Replay != "" {
		fmt.Fprintf(buf, "\nreplay: %s\n", clean(t.Replay))
	}
	return buf.Flush()
}

func (t *Trace) textSteps(w io.Writer) {
	files, in := t.shortFiles(), t.incoming()
	rows := make([][]string, len(t.Steps))
	for i, s := range t.Steps {
		mark := ' '
		if s.Flags&Failing != 0 {
			mark = '>'
		}
		op := shorten(s.Op)
		if s.Value != "" {
			op += " = " + shorten(s.Value)
		}
		number := fmt.Sprintf("%c %*d", mark, digits(len(t.Steps)), i+1)
		rows[i] = []string{number, shorten(t.laneName(s.Lane)), place(s.Pos, files), op, t.remarks(s, in[i])}
	}
	writeTable(w, rows)
}

// remarks is the last column: flags, edges and the note.
func (t *Trace) remarks(s Step, in []Edge) string {
	parts := (s.Flags &^ Failing).names()
	for _, e := range in {
		if e.Kind == Coherence || e.Kind == FromRead {
			continue // a picture's: in a list they hide the others
		}
		parts = append(parts, fmt.Sprintf("<- %d %v", e.From+1, e.Kind))
	}
	if s.Note != "" {
		parts = append(parts, clean(s.Note))
	}
	return strings.Join(parts, ", ")
}

func (t *Trace) textLanes(w io.Writer) {
	files := t.shortFiles()
	var rows [][]string
	for i, l := range t.Lanes {
		var parts []string
		if l.Created.File != "" {
			parts = append(parts, "created at "+place(l.Created, files))
		}
		if l.End != "" {
			parts = append(parts, clean(l.End))
		}
		if len(parts) > 0 {
			rows = append(rows, []string{"  " + shorten(t.laneName(i)), strings.Join(parts, "; ")})
		}
	}
	writeTable(w, rows)
}

// writeTable writes an empty line and then rows, which are equally long, with
// their columns aligned and no blanks at the end of a line. It writes nothing
// if there are no rows.
func writeTable(w io.Writer, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintln(w)
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("%-*s  ", widths[i], cell)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// Switches tells each step that is marked Preempted as a sentence:
//
//	goroutine 7 paused at queue.go:41 before mu.Lock; goroutine 9 ran steps 4 to 8
func (t *Trace) Switches() []string {
	var sentences []string
	files := t.shortFiles()
	last := make([]int, len(t.Lanes)) // the number after the last step of each lane
	for i, s := range t.Steps {
		if s.Flags&Preempted != 0 {
			sentence := t.laneName(s.Lane) + " paused"
			if p := place(s.Pos, files); p != "" {
				sentence += " at " + p
			}
			if strings.HasPrefix(s.Op, "inside ") {
				sentence += " " + shorten(s.Op)
			} else {
				sentence += " before " + shorten(s.Op)
			}
			if ran := t.ranBetween(last[s.Lane], i); ran != "" {
				sentence += "; " + ran
			}
			sentences = append(sentences, sentence)
		}
		last[s.Lane] = i + 1
	}
	return sentences
}

// ranBetween says who took steps from, …, to-1.
func (t *Trace) ranBetween(from, to int) string {
	if from == to {
		return ""
	}
	var names []string
	seen := make(map[int]bool)
	for _, s := range t.Steps[from:to] {
		if !seen[s.Lane] {
			seen[s.Lane] = true
			names = append(names, t.laneName(s.Lane))
		}
	}
	const most = 3
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("%d more", len(names)-most))
	}
	steps := fmt.Sprintf("step %d", to)
	if to-from > 1 {
		steps = fmt.Sprintf("steps %d to %d", from+1, to)
	}
	return strings.Join(names, ", ") + " ran " + steps
}

// place is the short form of p, or "" if it is not known.
func place(p Pos, files map[string]string) string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", files[p.File], p.Line)
}

// shortFiles maps each file of the trace to its last element, or to as many
// more as set it apart from the others.
func (t *Trace) shortFiles() map[string]string {
	full := make(map[string]string)
	add := func(p Pos) {
		if p.File != "" {
			full[p.File] = clean(strings.ReplaceAll(p.File, `\`, "/"))
		}
	}
	for _, l := range t.Lanes {
		add(l.Created)
	}
	for _, s := range t.Steps {
		add(s.Pos)
	}
	short := make(map[string]string, len(full))
	pending := full
	for n := 1; len(pending) > 0; n++ {
		users := make(map[string]int)
		for _, p := range pending {
			users[lastElements(p, n)]++
		}
		next := make(map[string]string)
		for file, p := range pending {
			if s := lastElements(p, n); users[s] == 1 || s == p {
				short[file] = s
			} else {
				next[file] = p
			}
		}
		pending = next
	}
	return short
}

// lastElements returns the last n elements of a slash-separated path.
func lastElements(p string, n int) string {
	elements := strings.Split(p, "/")
	return strings.Join(elements[max(0, len(elements)-n):], "/")
}

// clean makes s one printable line of UTF-8: what cannot be printed shows as
// U+FFFD, and line breaks and tabs as a blank.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// cleanLines is clean for a text of several lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = clean(strings.TrimRight(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// shorten is clean, cut to maxCell characters.
func shorten(s string) string { return cut(clean(s), maxCell) }

// cut returns the first n characters of s, the last of them an ellipsis if
// there were more.
func cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

func digits(n int) int { return len(fmt.Sprint(n)) }
