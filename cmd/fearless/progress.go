package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// A progress is a line at the bottom of a terminal that says what goes on and for
// how long. It moves by itself, so that nothing looks dead. Elsewhere than on a
// terminal it is silent. It uses no colour, and no sequence but the return of the
// carriage.
type progress struct {
	file  *os.File // nil where nothing is shown
	start time.Time
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once // of finish

	mu      sync.Mutex
	text    func(width int) string
	long    int  // columns of the line that is shown
	between bool // other output on the terminal has not ended its line
}

// newProgress shows first on w, if that is a terminal, until finish. It draws the
// line again after each interval.
func newProgress(w io.Writer, interval time.Duration, first string) *progress {
	p := &progress{start: time.Now()}
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return p
	}
	p.file, p.quit, p.done = file, make(chan struct{}), make(chan struct{})
	p.say("%s", first)
	go p.tick(interval)
	return p
}

func (p *progress) tick(interval time.Duration) {
	defer close(p.done)
	p.draw()
	t := time.NewTicker(interval)
	defer t.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-t.C:
			p.draw()
		}
	}
}

// show lets the line be what text returns for so many columns. It is called when
// the line is drawn.
func (p *progress) show(text func(width int) string) {
	p.mu.Lock()
	p.text = text
	p.mu.Unlock()
}

// say is show with a text that does not depend on the width.
func (p *progress) say(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	p.show(func(width int) string { return clip(line, width) })
}

// finish takes the line away. It may be called again.
func (p *progress) finish() {
	if p.file == nil {
		return
	}
	p.once.Do(func() {
		close(p.quit)
		<-p.done
		p.mu.Lock()
		p.erase()
		p.mu.Unlock()
	})
}

// around returns w, which may be the same terminal, for output while the line is
// shown: what is written comes in its place, and the line below it.
func (p *progress) around(w io.Writer) io.Writer {
	if p.file == nil {
		return w
	}
	return besideProgress{p, w}
}

type besideProgress struct {
	p *progress
	w io.Writer
}

func (b besideProgress) Write(text []byte) (int, error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if len(text) > 0 {
		b.p.erase()
		b.p.between = text[len(text)-1] != '\n'
	}
	return b.w.Write(text)
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.between {
		return
	}
	width, _, err := term.GetSize(int(p.file.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	p.put(withElapsed(p.text, time.Since(p.start), width-1)) // in the last column some terminals go to the next line
}

// put writes line in the place of the one before.
func (p *progress) put(line string) {
	long := columns(line)
	fmt.Fprint(p.file, "\r", line, strings.Repeat(" ", max(p.long-long, 0)))
	p.long = long
}

func (p *progress) erase() {
	if p.long > 0 {
		p.put("")
		fmt.Fprint(p.file, "\r")
	}
}

// withElapsed is text and how long it has gone on, in at most width columns.
func withElapsed(text func(width int) string, elapsed time.Duration, width int) string {
	if elapsed < time.Second {
		return text(width)
	}
	after := ", " + elapsedText(elapsed)
	if width < 3*len(after) { // too narrow for both
		return text(width)
	}
	return text(width-len(after)) + after
}

// elapsedText is d in the units of a reader: 7 s, 3 min 20 s, 2 h 5 min.
func elapsedText(d time.Duration) string {
	switch s := int(d.Seconds()); {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	default:
		return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
	}
}

// named is before, a name and after, in at most width columns. What is cut first
// is the name, then the end of the line.
func named(before, name, after string, width int) string {
	const shortest = 8
	room := width - columns(before) - columns(after)
	return clip(before+clip(name, max(room, shortest))+after, width)
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
