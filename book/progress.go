package book

import (
	"fmt"

	"github.com/schollz/progressbar/v3"
)

// A Progress shows how much of a program's work is done: as a bar on a terminal
// ([NewTerminal]), elsewhere as a line each time. Its methods may be called by
// one thread at a time.
type Progress struct {
	out *Stdout
	bar *progressbar.ProgressBar // nil unless out is a terminal
}

// NewProgress returns a Progress on out that is complete at total.
func NewProgress(out *Stdout, total int) *Progress {
	p := &Progress{out: out}
	if out.terminal {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(unbuffered{out}),
			progressbar.OptionSetWidth(30),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionShowDescriptionAtLineEnd())
	}
	return p
}

// Report shows that done of the work is done, in the words of format and args.
func (p *Progress) Report(done int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if p.bar == nil {
		fmt.Fprintln(p.out, text)
		return
	}
	p.bar.Describe(text)
	p.bar.Set(done)
}

// Finish ends the report with a line of its own. On a terminal the bar stays
// above it, full.
func (p *Progress) Finish(text string) {
	if p.bar != nil {
		p.bar.Describe("")
		p.bar.Finish()
		fmt.Fprintln(p.out)
	}
	fmt.Fprintln(p.out, text)
}

// unbuffered lets the bar redraw a line that has no end yet.
type unbuffered struct{ out *Stdout }

func (u unbuffered) Write(p []byte) (int, error) {
	l := u.out.Lock()
	defer l.Unlock()
	n, err := l.Write(p)
	if err == nil {
		err = u.out.Flush()
	}
	return n, err
}
