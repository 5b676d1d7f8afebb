//go:build fearless_model

package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// increments have as many executions as there are orders of n additions, and a
// panic that somebody joins at the end.
func increments(n int) func() {
	return func() {
		var x atomic.Int32
		thread.Scope(func(s *thread.ScopeHandle) {
			for i := range n {
				s.Go(func() { Observe(i, x.FetchAdd(1, atomic.Relaxed)) })
			}
		})
		if _, err := thread.Go(func() { panic("expected") }).Join(); err == nil {
			panic("a panic is lost")
		}
	}
}

// The page of a check that passes has its first executions, each once, and no more
// than are to be drawn.
func TestPageOfWhatPasses(t *testing.T) {
	*flagHTML = t.TempDir()
	defer func() { *flagHTML = "" }()
	for n, told := range map[int]string{3: "6 of 6 executions: nothing failed", 5: "20 of 120 executions: nothing failed"} {
		r := Explore(increments(n))
		if r.Failure != nil {
			t.Fatal(r.Failure)
		}
		const name = "page"
		if got := savePassing(name, increments(n), nil, &r); !strings.Contains(got, told) {
			t.Errorf("%d additions: %q, want %q", n, got, told)
		}
		page, err := os.ReadFile(filepath.Join(*flagHTML, name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		titles := map[string]bool{}
		for _, part := range strings.Split(string(page), `"title":"page, execution `)[1:] {
			_, outcome, _ := strings.Cut(part, ": ")
			outcome, _, _ = strings.Cut(outcome, `"`)
			titles[outcome] = true
		}
		if want := min(r.Executions, mostDrawn); len(titles) != want {
			t.Errorf("%d additions: %d different executions are drawn, want %d: %v", n, len(titles), want, titles)
		}
		if !strings.Contains(string(page), "x.FetchAdd(1) Relaxed") || !strings.Contains(string(page), "draw_test.go") {
			t.Errorf("%d additions: the steps have no names or no places", n)
		}
	}
	if got := savePassing("no/such/folder", increments(1), nil, &Report{}); !strings.Contains(got, "no page: ") {
		t.Errorf("a page that cannot be written: %q", got)
	}
}
