package book_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/book"
)

func ExampleProgress() {
	out := book.NewStdout(os.Stdout)
	progress := book.NewProgress(out, 3)
	for done := range 3 {
		progress.Report(done, "%d of 3 eggs boiled", done)
	}
	progress.Finish("Breakfast!")
	// Output:
	// 0 of 3 eggs boiled
	// 1 of 3 eggs boiled
	// 2 of 3 eggs boiled
	// Breakfast!
}

func TestProgressOnATerminal(t *testing.T) {
	var screen bytes.Buffer
	out := book.NewTerminal(&screen)
	progress := book.NewProgress(out, 100)
	progress.Report(50, "Working.. %d/100 done", 50)
	half := screen.String()
	if !strings.Contains(half, "50%") || !strings.Contains(half, "Working.. 50/100 done") || strings.Contains(half, "\n") {
		t.Errorf("half way the screen has %q, want one line with a bar", half)
	}
	progress.Finish("Done!")
	rest := screen.String()[len(half):]
	if !strings.HasPrefix(rest, "\r") || !strings.Contains(rest, "100%") || !strings.HasSuffix(rest, "\nDone!\n") {
		t.Errorf("at the end the screen has %q, want the bar drawn again, full, and a last line", rest)
	}
	fmt.Fprintln(out, "next")
	if !strings.HasSuffix(screen.String(), "Done!\nnext\n") {
		t.Errorf("behind the bar the screen has %q", screen.String())
	}
}
