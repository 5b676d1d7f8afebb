package book_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/book"
)

// A performance is what a program printed and how long it took.
type performance struct {
	lines []string
	took  time.Duration
}

// play runs a program with input to its end, at the book's own pace but in a
// bubble, where time passes by itself: took is exact.
func play(t *testing.T, name, input string) performance {
	t.Helper()
	return playAt(t, name, input, 1)
}

func playAt(t *testing.T, name, input string, speed float64) performance {
	t.Helper()
	p, err := book.Find(book.Programs(), name)
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	var took time.Duration
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx := book.WithSpeed(t.Context(), speed)
		if err := book.Run(ctx, p, strings.NewReader(input), book.NewStdout(&printed)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		took = time.Since(start)
	})
	return performance{lines: strings.Split(strings.TrimSuffix(printed.String(), "\n"), "\n"), took: took}
}

func (p performance) want(t *testing.T, lines ...string) {
	t.Helper()
	if !slices.Equal(p.lines, lines) {
		t.Errorf("printed\n\t%s\nwant\n\t%s", strings.Join(p.lines, "\n\t"), strings.Join(lines, "\n\t"))
	}
}

// wantInAnyOrder compares the lines without regard to their order.
func (p performance) wantInAnyOrder(t *testing.T, lines ...string) {
	t.Helper()
	slices.Sort(p.lines)
	slices.Sort(lines)
	p.want(t, lines...)
}

func (p performance) wantTime(t *testing.T, d time.Duration) {
	t.Helper()
	if p.took != d {
		t.Errorf("took %v of the bubble's time, want %v", p.took, d)
	}
}

var place = regexp.MustCompile(`^\[book/ch[12]_[a-z0-9_]+\.go:[0-9]+\] `)

// unplaced takes the places off the lines that Dbg printed, which change with every edit of a program.
func (p performance) unplaced() performance {
	var lines []string
	for _, line := range p.lines {
		lines = append(lines, place.ReplaceAllString(line, "dbg: "))
	}
	return performance{lines: lines, took: p.took}
}

// working is the line that progress programs print.
func working(done int) string { return fmt.Sprintf("Working.. %d/100 done", done) }
