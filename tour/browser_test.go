//go:build fearless_browser

// These tests take minutes, a browser, and a library that is slow to compile; .ci/run has them.

package tour_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fearless-go/fearless/tour"
)

// browser starts a browser of its own, FEARLESS_BROWSER or chromium, for the tests of a server.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := cmp.Or(os.Getenv("FEARLESS_BROWSER"), "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1300, 900), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
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

// until waits for an expression of the page to be true.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for range 2400 {
		if value[bool](t, ctx, expression) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s does not become true; the page says %q, %q", expression, said(t, ctx), output(t, ctx))
}

func said(t *testing.T, ctx context.Context) string {
	t.Helper()
	return value[string](t, ctx, `document.getElementById("said").textContent`)
}

func output(t *testing.T, ctx context.Context) string {
	t.Helper()
	return value[string](t, ctx, `document.getElementById("out").textContent`)
}

// ended waits for the end of what was started.
func ended(t *testing.T, ctx context.Context) {
	t.Helper()
	until(t, ctx, `document.getElementById("stop").disabled`)
}

// edit puts text into the editor as typing does.
func edit(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	value[bool](t, ctx, fmt.Sprintf(`(a => { a.value = %q; a.dispatchEvent(new Event("input")); return true })(document.querySelector(".sheet:not([hidden]) textarea"))`, text))
}

// screenshot keeps a picture in FEARLESS_SCREENSHOTS, if that is a folder.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("FEARLESS_SCREENSHOTS")
	if folder == "" {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		do(t, ctx, chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
			_, err := cdp.Call(ctx, page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		}))
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+"-"+scheme+".png"), png, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLessonInABrowser(t *testing.T) {
	ctx := browser(t)
	s := serve(t, tour.Limits{Run: 10 * time.Second, Tool: 4 * time.Minute, Output: 200 << 10})
	do(t, ctx, chromedp.Navigate(s.url), chromedp.WaitReady("h1"))
	screenshot(t, ctx, "contents")
	do(t, ctx, chromedp.Navigate(s.url+"lesson/ch1-08-mutex"), chromedp.WaitReady("#tool-run"))
	if tabs := value[int](t, ctx, `document.querySelectorAll("#tabs button").length`); tabs < 2 {
		t.Errorf("%d tabs", tabs)
	}
	// Run.
	do(t, ctx, chromedp.Click("#tool-run"))
	ended(t, ctx)
	if got := output(t, ctx); !strings.Contains(got, "unwrap(n.IntoInner()) = 1000") {
		t.Errorf("it printed %q and says %q", got, said(t, ctx))
	}
	screenshot(t, ctx, "run")
	// Edit: a compile error, at its line.
	edit(t, ctx, "package main\n\nfunc main() {\n\tx := 1\n}\n")
	until(t, ctx, `document.querySelectorAll(".sheet:not([hidden]) .k").length >= 2`)
	do(t, ctx, chromedp.KeyEvent("\r", chromedp.KeyModifiers(kb.ModifierCtrl))) // Ctrl-Enter
	until(t, ctx, `document.getElementById("said").textContent.includes("does not compile")`)
	if marked := value[string](t, ctx, `document.querySelector(".l.marked").textContent`); marked != "\tx := 1\n" {
		t.Errorf("the line at fault is %q", marked)
	}
	screenshot(t, ctx, "error")
	// The edit is still there after a walk to the next lesson and back.
	do(t, ctx, chromedp.Click("a[rel=next]"), chromedp.WaitReady("[data-lesson=ch1-09-sleep-before-unlock] #tool-run"))
	do(t, ctx, chromedp.NavigateBack(), chromedp.WaitReady("[data-lesson=ch1-08-mutex] #tool-run"))
	if got := value[string](t, ctx, `document.querySelector(".sheet textarea").value`); !strings.Contains(got, "x := 1") {
		t.Errorf("after going back the editor has %q", got)
	}
	do(t, ctx, chromedp.Click("#reset"))
	if got := value[string](t, ctx, `document.querySelector(".sheet textarea").value`); !strings.Contains(got, "lock.NewMutex(0)") {
		t.Errorf("after Reset the editor has %q", got)
	}
	// An endless loop is stopped by hand.
	edit(t, ctx, "package main\n\nfunc main() {\n\tprintln(\"on and on\")\n\tfor {\n\t}\n}\n")
	do(t, ctx, chromedp.Click("#tool-run"))
	until(t, ctx, `document.getElementById("out").textContent.includes("on and on")`)
	do(t, ctx, chromedp.Click("#stop"))
	ended(t, ctx)
	if got := said(t, ctx); got != "Stopped." {
		t.Errorf("after Stop the page says %q", got)
	}
	// Gigabytes are cut.
	edit(t, ctx, "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfor {\n\t\tfmt.Println(\"again and again and again\")\n\t}\n}\n")
	until(t, ctx, `!document.getElementById("tool-run").disabled`)
	do(t, ctx, chromedp.Click("#tool-run"))
	until(t, ctx, `document.getElementById("said").textContent.includes("200 KB")`)
	if n := value[int](t, ctx, `document.getElementById("out").textContent.length`); n > 200<<10 {
		t.Errorf("the page has %d characters of output", n)
	}
	// Keys: Escape and Tab leave the editor; n is the next lesson.
	do(t, ctx, chromedp.Focus(".sheet textarea"), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Tab))
	if got := value[string](t, ctx, `document.activeElement.tagName`); got == "TEXTAREA" {
		t.Error("Escape and Tab do not leave the editor")
	}
	do(t, ctx, chromedp.KeyEvent("n"), chromedp.WaitReady("[data-lesson=ch1-09-sleep-before-unlock]"))
}

func TestCheckersInABrowser(t *testing.T) {
	ctx := browser(t)
	s := serve(t, tour.Limits{})
	do(t, ctx, chromedp.Navigate(s.url+"lesson/rejected-push"), chromedp.WaitReady("#tool-vet"), chromedp.Click("#tool-vet"))
	ended(t, ctx)
	if got := output(t, ctx); !strings.Contains(got, "[share]") {
		t.Errorf("vet printed %q, and the page says %q", got, said(t, ctx))
	}
	if value[int](t, ctx, `document.querySelectorAll(".l.marked").length`) == 0 {
		t.Error("no line is marked")
	}
	screenshot(t, ctx, "vet")
	do(t, ctx, chromedp.Navigate(s.url+"lesson/ch1-08-mutex"), chromedp.WaitReady("#tool-run"))
	plain := value[int](t, ctx, `[...document.querySelectorAll("#tabs button")].findIndex(b => b.textContent.includes("prove"))`)
	do(t, ctx, chromedp.Click(fmt.Sprintf("#tabs button:nth-child(%d)", plain+1)))
	do(t, ctx, chromedp.Click("#tool-prove"))
	ended(t, ctx)
	if got := said(t, ctx); !strings.HasPrefix(got, "Proven") {
		t.Errorf("prove printed %q, and the page says %q", output(t, ctx), got)
	}
	screenshot(t, ctx, "prove")
	// Without its lock it fails, and the failing schedule is drawn.
	source := value[string](t, ctx, `document.querySelector(".sheet:not([hidden]) textarea").value`)
	edit(t, ctx, strings.NewReplacer("\t\t\tmu.Lock()\n", "", "\t\t\tmu.Unlock()\n", "", "\tvar mu sync.Mutex\n", "", "n++", "x := n\n\t\t\truntime.Gosched()\n\t\t\tn = x + 1", "\t\"sync\"\n", "\t\"runtime\"\n\t\"sync\"\n").Replace(source))
	do(t, ctx, chromedp.Click("#tool-schedules"))
	ended(t, ctx)
	until(t, ctx, `document.querySelector("#picture iframe") !== null`)
	do(t, ctx, chromedp.Navigate(value[string](t, ctx, `document.querySelector("#picture iframe").src`)), chromedp.WaitReady("#pic"))
	screenshot(t, ctx, "picture")
	if got := value[string](t, ctx, `document.getElementById("pic").textContent`); !strings.Contains(got, "main.go") {
		t.Errorf("the picture is %q", got)
	}
}

// Without scripts the text and the programs are there, and on a small window
// nothing is wider than it.
func TestLessonsInSmallAndLargeBrowsers(t *testing.T) {
	ctx := browser(t)
	s := serve(t, tour.Limits{})
	for _, width := range []int64{400, 2560} {
		for _, name := range []string{"", "lesson/ch1-08-mutex", "lesson/rejected-iflet"} {
			do(t, ctx, chromedp.EmulateViewport(width, 1000), chromedp.Navigate(s.url+name), chromedp.WaitReady("h1"))
			screenshot(t, ctx, fmt.Sprintf("%d-%s", width, filepath.Base(name)))
			if wide := value[int64](t, ctx, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("%q is %d wide on a window of %d", name, wide, width)
			}
		}
	}
	do(t, ctx, chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}), chromedp.EmulateViewport(1000, 1000), chromedp.Navigate(s.url+"lesson/ch1-08-mutex"), chromedp.WaitReady("h1"))
	screenshot(t, ctx, "noscript")
	got, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ten threads add 1 a hundred times", "lock.NewMutex(0)", "needs scripts"} {
		if !strings.Contains(got, want) {
			t.Errorf("without scripts the page lacks %q: it is %q", want, got)
		}
	}
}
