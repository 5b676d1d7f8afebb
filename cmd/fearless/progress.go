package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/fearless-go/fearless/schedtest"
)

// testProgress is a line at the bottom of a terminal; elsewhere it is silent.
type testProgress struct {
	file *os.File // nil where nothing is shown
	last time.Time
	long int // columns of the line that is shown
}

func newTestProgress(w io.Writer) *testProgress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &testProgress{}
	}
	return &testProgress{file: file}
}

func (p *testProgress) show(now schedtest.Progress) {
	if p.file == nil || time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last = time.Now()
	width, _, err := term.GetSize(int(p.file.Fd()))
	if err != nil {
		width = 80
	}
	p.write(progressLine(now, width-1)) // in the last column some terminals go to the next line
}

// line shows a line of another kind.
func (p *testProgress) line(text string) {
	if p.file == nil || time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last = time.Now()
	p.write(clip(text, 78))
}

func (p *testProgress) finish() {
	if p.file != nil {
		p.write("")
		fmt.Fprint(p.file, "\r")
	}
}

// write puts line in the place of the one before.
func (p *testProgress) write(line string) {
	long := columns(line)
	fmt.Fprint(p.file, "\r", line, strings.Repeat(" ", max(p.long-long, 0)))
	p.long = long
}

// progressLine says where a run is, in at most width columns. What is cut first
// is the name, then the end of the line.
func progressLine(now schedtest.Progress, width int) string {
	name, rest := now.Package, ""
	if now.Phase != "build" {
		name = now.Test
		rest = fmt.Sprintf(" %d of %d schedules", now.Schedules, now.Of)
		if now.Phase == "prove" {
			rest = fmt.Sprintf(" %d executions, about %.2g %%", now.Schedules, 100*now.Done)
		}
		if s := now.Elapsed.Seconds(); s >= 1 && now.Total > 0 {
			rest += fmt.Sprintf(", %.0f/s", float64(now.Total)/s)
		}
	}
	if now.Findings > 0 {
		rest += fmt.Sprintf(", %d found", now.Findings)
	}
	const shortest = 8
	room := width - columns(now.Phase) - 1 - columns(rest)
	return clip(now.Phase+" "+clip(name, max(room, shortest))+rest, width)
}

// clip cuts text to at most so many columns, and marks the cut.
func clip(text string, width int) string {
	if columns(text) <= width {
		return text
	}
	var b strings.Builder
	left := width - 1
	for _, r := range text {
		if left -= columnsOf(r); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	if width < 1 {
		return ""
	}
	return b.String() + "…"
}

func columns(text string) (n int) {
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// columnsOf is how wide a terminal shows a letter, at most: from Hangul on many
// take two columns.
func columnsOf(r rune) int {
	if r >= 0x1100 && r != '…' {
		return 2
	}
	return 1
}
