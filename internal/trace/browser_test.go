//go:build fearless_browser

// These tests take minutes, a browser, and a library that is slow to compile; .ci/run has them.

package trace_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fearless-go/fearless/internal/trace"
)

// browse opens the page of tr in a browser of its own, FEARLESS_BROWSER or chromium, at the
// given size. Its screenshots go to FEARLESS_SCREENSHOTS, if that is a folder.
func browse(t *testing.T, tr *trace.Trace, width, height int) (ctx context.Context, address string) {
	t.Helper()
	return browsePage(t, render(t, "html", tr), width, height)
}

func browsePage(t *testing.T, page string, width, height int) (ctx context.Context, address string) {
	t.Helper()
	path := cmp.Or(os.Getenv("FEARLESS_BROWSER"), "chromium")
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o444); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(width, height), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	address = "file://" + file
	do(t, ctx, chromedp.Navigate(address), chromedp.WaitReady("#pic"))
	return ctx, address
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, a := range actions {
		if _, err := chromedp.Run(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
}

// value is what an expression of the page is.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func text(t *testing.T, ctx context.Context, id string) string {
	t.Helper()
	return value[string](t, ctx, fmt.Sprintf("document.getElementById(%q).textContent", id))
}

func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("FEARLESS_SCREENSHOTS")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestPageInABrowser(t *testing.T) {
	ctx, address := browse(t, deadlock(), 1300, 800)
	screenshot(t, ctx, "deadlock")
	pic := text(t, ctx, "pic")
	for _, want := range []string{"main", `goroutine 7 "transfer"`, "goroutine 9", "a.mu.Lock", "b.mu.Lock", "ch <- = 3", "blocked on a.mu", "stock/queue.go:41", "wg.Wait"} {
		if !strings.Contains(pic, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if n := value[int](t, ctx, `document.querySelectorAll("#pic .arrow").length`); n != len(deadlock().Edges) {
		t.Errorf("%d arrows, want %d", n, len(deadlock().Edges))
	}
	if n := value[int](t, ctx, `document.querySelectorAll("#pic circle.failing").length`); n != 2 {
		t.Errorf("%d failing steps are red, want 2", n)
	}
	// The last failing step is selected, and tells of the cycle.
	if got := text(t, ctx, "what"); !strings.Contains(got, "step 8: goroutine 9: a.mu.Lock") {
		t.Errorf("at first %q is selected", got)
	}
	if got := text(t, ctx, "state"); !strings.Contains(got, `a.mu is held by goroutine 7 "transfer" since step 3`) || !strings.Contains(got, "goroutine 9 waits for a.mu") {
		t.Errorf("the state is %q", got)
	}
	if got := text(t, ctx, "cycle"); !strings.Contains(got, "waits for b.mu, held by") || !strings.Contains(got, "waits for a.mu, held by") {
		t.Errorf("the cycle is %q", got)
	}
	// Keys go from step to step, and the address follows.
	do(t, ctx, chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent("o"))
	if got := value[string](t, ctx, "location.hash"); got != "#step=7" {
		t.Errorf("the address ends in %q after one step back", got)
	}
	do(t, ctx, chromedp.KeyEvent("O"))
	if got := value[string](t, ctx, "location.hash"); got != "#step=4" {
		t.Errorf("the address ends in %q; want the step before of b.mu", got)
	}
	// What is filtered out is not drawn, and comes back for who asks for it.
	do(t, ctx, chromedp.SetValue("#object", "a.mu"))
	value[bool](t, ctx, `document.getElementById("object").onchange(), true`)
	if got := text(t, ctx, "count"); !strings.HasPrefix(got, "2 of 9") {
		t.Errorf("the filter for a.mu shows %q", got)
	}
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address+"#step=2"), chromedp.WaitReady("#pic"))
	if got := text(t, ctx, "what"); !strings.HasPrefix(got, "step 2: main: go refund") {
		t.Errorf("a link to step 2 opens %q", got)
	}
	do(t, ctx, chromedp.Click("#kind-spawn"))
	if n := value[int](t, ctx, `document.querySelectorAll("#pic .arrow.spawn").length`); n != 0 {
		t.Errorf("%d spawn arrows are left when they are switched off", n)
	}
}

// A long trace of many lanes is drawn as far as it can be seen.
func TestLongPageInABrowser(t *testing.T) {
	const lanes, steps = 100, 100_000
	tr := &trace.Trace{Headline: "long"}
	for i := range lanes {
		tr.Lanes = append(tr.Lanes, trace.Lane{Name: fmt.Sprintf("goroutine %d", i)})
	}
	for i := range steps {
		tr.Steps = append(tr.Steps, trace.Step{Lane: i * 7 % lanes, Op: fmt.Sprintf("x.FetchAdd(%d)", i), Object: "x"})
		if i%1000 == 999 {
			tr.Edges = append(tr.Edges, trace.Edge{From: i - 1, To: i, Kind: trace.ReadsFrom})
		}
	}
	tr.Steps[70_000].Flags = trace.Failing
	ctx, _ := browse(t, tr, 2560, 1200)
	screenshot(t, ctx, "long")
	if got := text(t, ctx, "pic"); !strings.Contains(got, "x.FetchAdd(70000)") {
		t.Error("the failing step is not in sight")
	}
	if n := value[int](t, ctx, `document.querySelectorAll("*").length`); n > 5000 {
		t.Errorf("the page has %d elements", n)
	}
	do(t, ctx, chromedp.Click("#fold")) // it was folded, as every long one
	if got := text(t, ctx, "count"); !strings.HasPrefix(got, "100000 of 100000") {
		t.Errorf("unfolded it shows %q", got)
	}
	do(t, ctx, chromedp.KeyEvent(kb.End))
	if got := text(t, ctx, "pic"); !strings.Contains(got, "x.FetchAdd(99999)") {
		t.Error("the key End does not show the last step")
	}
	do(t, ctx, chromedp.SendKeys("#search", "FetchAdd(4242)"))
	if got := text(t, ctx, "count"); !strings.HasPrefix(got, "1 of 100000") {
		t.Errorf("a search shows %q", got)
	}
}

func TestSmallPageInABrowser(t *testing.T) {
	ctx, _ := browse(t, deadlock(), 800, 700)
	do(t, ctx, chromedp.EmulateViewport(400, 700)) // a window cannot be made that small
	screenshot(t, ctx, "small")
	if wide := value[int](t, ctx, "document.documentElement.scrollWidth"); wide > 400 {
		t.Errorf("on a window of 400 pixels the page is %d wide", wide)
	}
}

// Of several executions one is shown, and keys go to the next and the one before.
func TestExecutionsInABrowser(t *testing.T) {
	var all []*trace.Trace
	for i := range 3 {
		all = append(all, &trace.Trace{Headline: fmt.Sprintf("execution %d", i+1), Lanes: []trace.Lane{{Name: "main"}}, Steps: []trace.Step{{Op: "begin"}, {Op: fmt.Sprintf("x.Load = %d", i)}}})
	}
	var page strings.Builder
	if err := trace.WriteExecutions(&page, all); err != nil {
		t.Fatal(err)
	}
	ctx, address := browsePage(t, page.String(), 900, 600)
	shows := func(what string, n int) {
		t.Helper()
		do(t, ctx, chromedp.WaitReady("#execution"))
		if got := text(t, ctx, "execution") + " " + text(t, ctx, "pic"); !strings.Contains(got, fmt.Sprintf("%d of 3", n)) || !strings.Contains(got, fmt.Sprintf("x.Load = %d", n-1)) {
			t.Errorf("%s: it shows %q", what, got)
		}
	}
	shows("at first", 1)
	screenshot(t, ctx, "executions")
	turn := func(key string, n int) {
		do(t, ctx, chromedp.KeyEvent(key), chromedp.WaitReady(fmt.Sprintf("//h1[text()='execution %d']", n)))
		shows("after "+key, n)
	}
	turn("]", 2)
	turn("]", 3)
	turn("[", 2)
	turn("[", 1)
	turn("[", 1) // there is none before it
	do(t, ctx, chromedp.KeyEvent(kb.ArrowUp))
	if got := value[string](t, ctx, "location.hash"); got != "#execution=1&step=1" {
		t.Errorf("after one step up the address ends in %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("]"), chromedp.KeyEvent(kb.ArrowUp))
	if got := value[string](t, ctx, "location.hash"); got != "#execution=2&step=1" {
		t.Errorf("one step up moves the address to %q: a listener of the execution before is left", got)
	}
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address+"#execution=3&step=1"))
	shows("by a link", 3)
	if got := text(t, ctx, "what"); !strings.HasPrefix(got, "step 1: main: begin") {
		t.Errorf("a link to step 1 opens %q", got)
	}
}

// Strings of the program stay strings for the page's script as well.
func TestHostilePageInABrowser(t *testing.T) {
	const evil = `</script><img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`
	ctx, _ := browse(t, &trace.Trace{
		Headline: evil, Lanes: []trace.Lane{{Name: evil, End: evil, Program: evil, WaitsFor: evil, HeldBy: []int{0}}},
		Steps: []trace.Step{{Op: evil, Note: evil, Object: evil, Pos: trace.Pos{File: evil, Line: 1}, Flags: trace.Failing}},
	}, 800, 600)
	if title := value[string](t, ctx, "document.title"); title == "broken" || value[int](t, ctx, `document.querySelectorAll("img").length`) != 0 {
		t.Errorf("a string of the program was run; the title is %q", title)
	}
}
