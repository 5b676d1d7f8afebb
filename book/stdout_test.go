package book_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/thread"
)

func ExampleStdout_Lock() {
	out := book.NewStdout(os.Stdout)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 2 {
			s.Go(func() {
				l := out.Lock()
				defer l.Unlock()
				fmt.Fprintln(out, "two lines,") // locks it once more
				fmt.Fprintln(out, "  always together")
			})
		}
	})
	// Output:
	// two lines,
	//   always together
	// two lines,
	//   always together
}

// writes records each Write by itself.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestStdoutWritesWholeLines(t *testing.T) {
	var got writes
	out := book.NewStdout(&got)
	for _, part := range []string{"a", "b\n", "c\nd", "e\n\nf"} {
		if n, err := out.Write([]byte(part)); n != len(part) || err != nil {
			t.Errorf("Write(%q) = %d, %v", part, n, err)
		}
	}
	if want := []string{"ab\n", "c\n", "de\n\n"}; !slices.Equal(got, want) {
		t.Errorf("before Flush %q were written, want %q", got, want)
	}
	out.Flush()
	out.Flush()
	if want := []string{"ab\n", "c\n", "de\n\n", "f"}; !slices.Equal(got, want) {
		t.Errorf("behind Flush %q were written, want %q", got, want)
	}
}

func TestStdoutKeepsThreadsApart(t *testing.T) {
	const threads, blocks, lines = 8, 25, 4
	var printed bytes.Buffer
	out := book.NewStdout(&printed)
	thread.Scope(func(s *thread.ScopeHandle) {
		for id := range threads {
			s.Go(func() {
				for range blocks {
					l := out.Lock()
					inner := out.Lock()
					for i := range lines {
						fmt.Fprintf(out, "%d ", id)
						fmt.Fprintf(inner, "%d\n", i)
					}
					inner.Unlock()
					fmt.Fprintf(l, "%d end\n", id)
					l.Unlock()
				}
			})
		}
	})
	got := strings.Split(strings.TrimSuffix(printed.String(), "\n"), "\n")
	if len(got) != threads*blocks*(lines+1) {
		t.Fatalf("%d lines, want %d", len(got), threads*blocks*(lines+1))
	}
	for block := range slices.Chunk(got, lines+1) {
		id, _, _ := strings.Cut(block[0], " ")
		want := []string{id + " 0", id + " 1", id + " 2", id + " 3", id + " end"}
		if !slices.Equal(block, want) {
			t.Fatalf("a block is %q, want %q", block, want)
		}
	}
}

func TestStdoutClosed(t *testing.T) {
	var printed bytes.Buffer
	out := book.NewStdout(&printed)
	fmt.Fprint(out, "begun")
	if err := out.Close(); err != nil {
		t.Error(err)
	}
	if _, err := fmt.Fprintln(out, "too late"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("writing after Close: %v, want %v", err, os.ErrClosed)
	}
	if err := out.Close(); err != nil {
		t.Error(err)
	}
	if printed.String() != "begun" {
		t.Errorf("printed %q, want what came before Close", printed.String())
	}
}

type fullDisk struct{ writes int }

var errFull = errors.New("disk full")

func (d *fullDisk) Write(p []byte) (int, error) {
	d.writes++
	return 0, errFull
}

func TestStdoutRemembersTheFirstError(t *testing.T) {
	disk := &fullDisk{}
	out := book.NewStdout(disk)
	for range 2 {
		if _, err := fmt.Fprintln(out, "line"); !errors.Is(err, errFull) {
			t.Errorf("Write: %v, want %v", err, errFull)
		}
	}
	if err := out.Close(); !errors.Is(err, errFull) || disk.writes != 1 {
		t.Errorf("Close: %v, after %d writes, want %v after one", err, disk.writes, errFull)
	}
}

// A panic in a thread that holds the output must not take it from the others.
func TestStdoutSurvivesAPanic(t *testing.T) {
	thread.SetPanicHook(func(*thread.PanicError) {})
	defer thread.SetPanicHook(nil)
	var printed bytes.Buffer
	out := book.NewStdout(&printed)
	_, err := thread.Go(func() {
		l := out.Lock()
		defer l.Unlock()
		panic("paper jam")
	}).Join()
	if err == nil {
		t.Error("the thread has not panicked")
	}
	fmt.Fprintln(out, "still here")
	if printed.String() != "still here\n" {
		t.Errorf("printed %q", printed.String())
	}
}

func TestStdoutLockUsedAfterUnlock(t *testing.T) {
	out := book.NewStdout(&bytes.Buffer{})
	l := out.Lock()
	l.Unlock()
	for name, use := range map[string]func(){
		"Unlock": l.Unlock,
		"Write":  func() { l.Write(nil) },
	} {
		err := func() (err error) {
			defer func() { err, _ = recover().(error) }()
			use()
			return nil
		}()
		if !errors.Is(err, book.ErrUnlocked) {
			t.Errorf("%s panicked with %v, want %v", name, err, book.ErrUnlocked)
		}
	}
	fmt.Fprintln(out, "the output itself is free")
}
