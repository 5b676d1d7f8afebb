package book_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/book"
)

// These are the names of the book's companion repository.
var bookNames = strings.Fields(`
	ch1-01-hello ch1-02-hello-join ch1-03-spawn-closure ch1-04-scoped-threads ch1-05-rc ch1-06-cell
	ch1-07-refcell ch1-08-mutex ch1-09-sleep-before-unlock ch1-10-unlock-before-sleep
	ch1-11-thread-parking ch1-12-condvar ch2-01-stop-flag ch2-02-progress-reporting
	ch2-03-progress-reporting-unpark ch2-04-lazy-init ch2-05-fetch-add
	ch2-06-progress-reporting-multiple-threads ch2-07-statistics ch2-08-id-allocation
	ch2-09-id-allocation-panic ch2-10-id-allocation-subtract-before-panic
	ch2-11-increment-with-compare-exchange ch2-12-id-allocation-without-overflow
	ch2-13-lazy-one-time-init`)

func TestTableHasTheBooksPrograms(t *testing.T) {
	var names []string
	for _, p := range book.Programs() {
		if !p.Passage {
			names = append(names, p.Name)
		}
	}
	if !slices.Equal(names, bookNames) {
		t.Errorf("programs are\n%v\nwant\n%v", names, bookNames)
	}
}

func TestTableAndFilesAgree(t *testing.T) {
	files, err := filepath.Glob("ch[0-9]_*.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := ""
	for _, file := range []string{"programs_ch1_test.go", "programs_ch2_test.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(text)
	}
	for _, p := range book.Programs() {
		if p.Title == "" || p.Shows == "" || p.Main == nil {
			t.Errorf("%s: the table's row is not complete", p.Name)
		}
		main := regexp.MustCompile(`(?m)^func [A-Z][A-Za-z]*\(_|ctx context\.Context, (_|in) io\.Reader, out \*Stdout\) \{$`)
		if source := p.Source; !strings.HasPrefix(source, "package book\n") || !main.MatchString(source) {
			t.Errorf("%s: the source has no main function:\n%s", p.Name, source)
		}
		if !strings.Contains(tests, `"`+p.Name+`"`) {
			t.Errorf("%s has no test", p.Name)
		}
		files = slices.DeleteFunc(files, func(file string) bool { return file == strings.ReplaceAll(p.Name, "-", "_")+".go" })
	}
	if len(files) > 0 {
		t.Errorf("files of no program in the table: %v", files)
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"ch1-08":              "ch1-08-mutex",
		"ch1-08-mutex":        "ch1-08-mutex",
		"ch1-08-m":            "ch1-08-mutex",
		"ch2-02":              "ch2-02-progress-reporting",
		"ch2-02-progress":     "ch2-02-progress-reporting",
		"ch2-a":               "ch2-aba",
		"ch2-08-id-allocatio": "ch2-08-id-allocation",
	} {
		if p, err := book.Find(book.Programs(), name); err != nil || p.Name != want {
			t.Errorf("Find(…, %q) = %q, %v, want %q", name, p.Name, err, want)
		}
	}
}

func TestFindNamesWhatIsSimilar(t *testing.T) {
	for name, want := range map[string][]string{
		"ch1-1":       {"ch1-10-unlock-before-sleep", "ch1-11-thread-parking", "ch1-12-condvar"},
		"mutex":       {"ch1-08-mutex", "ch1-mutex-poisoning", "ch2-statistics-behind-a-mutex"},
		"ch9-parking": {"ch1-11-thread-parking"},
		"zebra":       nil,
		"":            nil,
	} {
		p, err := book.Find(book.Programs(), name)
		var notFound *book.NotFoundError
		if !errors.As(err, &notFound) || p.Name != "" {
			t.Errorf("Find(…, %q) = %q, %v, want a NotFoundError", name, p.Name, err)
			continue
		}
		if notFound.Name != name || !slices.Equal(notFound.Similar, want) {
			t.Errorf("Find(…, %q): similar are %q, want %q", name, notFound.Similar, want)
		}
	}
}

// Every program ends at once when its context does, whatever it was waiting for,
// and prints nothing more.
func TestCancelledProgramsEnd(t *testing.T) {
	for _, p := range book.Programs() {
		t.Run(p.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				never, noInput := io.Pipe()
				defer noInput.Close()
				var printed bytes.Buffer
				done := make(chan error, 1)
				play := func() { done <- book.Run(ctx, p, never, book.NewStdout(&printed)) }

				before, start := 0, time.Now()
				if strings.Contains(p.Source, "skipped(ctx)") {
					cancel() // it counts and never waits, so there is no other moment
					go play()
				} else {
					go play()
					synctest.Wait()
					before = printed.Len()
					cancel()
				}
				if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("ended %v later", took)
				}
				if printed.Len() > before {
					t.Errorf("printed %q when it should have ended", printed.String()[before:])
				}
			})
		})
	}
}

func TestRunReportsAPanic(t *testing.T) {
	reason := errors.New("out of paper")
	p := book.Program{Name: "printer", Main: func(_ context.Context, _ io.Reader, out *book.Stdout) {
		out.Write([]byte("half a line"))
		panic(reason)
	}}
	var printed bytes.Buffer
	err := book.Run(t.Context(), p, strings.NewReader(""), book.NewStdout(&printed))
	var crash *book.CrashError
	if !errors.As(err, &crash) || crash.Program != "printer" || !errors.Is(err, reason) || !strings.Contains(string(crash.Stack), "TestRunReportsAPanic") {
		t.Errorf("Run returned %#v, want a CrashError with the reason and the stack", err)
	}
	if printed.String() != "half a line" {
		t.Errorf("printed %q, want what was written before the panic", printed.String())
	}
}

// A program whose reader has gone must not go on to its end: this one has none.
func TestRunEndsWhenTheOutputDoes(t *testing.T) {
	p := book.Program{Name: "endless", Main: func(ctx context.Context, _ io.Reader, out *book.Stdout) {
		for ctx.Err() == nil {
			io.WriteString(out, "again\n")
		}
	}}
	closed := errors.New("nobody reads")
	r, w := io.Pipe()
	r.CloseWithError(closed)
	if err := book.Run(t.Context(), p, strings.NewReader(""), book.NewStdout(w)); !errors.Is(err, closed) {
		t.Errorf("Run returned %v, want %v", err, closed)
	}
}

func TestWithSpeedRefusesToStandStill(t *testing.T) {
	for _, speed := range []float64{0, -1, math.NaN()} {
		err := func() (err error) {
			defer func() { err, _ = recover().(error) }()
			book.WithSpeed(t.Context(), speed)
			return nil
		}()
		var refused *book.SpeedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "greater than zero") {
			t.Errorf("WithSpeed(%v) panicked with %v, want a SpeedError", speed, err)
		}
	}
}
