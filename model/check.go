package model

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Check explores f and fails the test if it finds anything. It skips the test
// in a build without the tag fearless_model.
func Check(t testing.TB, f func(), opts ...Option) {
	t.Helper()
	if !Enabled {
		t.Skip("model: not a model build: run \"fearless model\", or go test -tags fearless_model")
	}
	name, number := checkName(t)
	if otherReplay(t, name) {
		return
	}
	opts = slices.Concat(opts, flagOptions(t, name), []Option{func(c *config) { c.name = name }})
	key := fmt.Sprintf("%s#%d", t.Name(), number)
	if *flagPiece != "" && explorePiece(t, key, f, opts) {
		return
	}
	over := 0.0
	if *flagReport != "" {
		tell(t, line{}) // so that the test is seen to have begun
		opts = append(opts, OnProgress(func(p Progress) {
			over = p.Over
			tell(t, line{Executions: p.Executions, Blocked: p.Blocked, Over: p.Over, Estimate: estimated(p.Estimate), Seconds: p.Elapsed.Seconds()})
		}))
	}
	r := exploreShared(t, key, f, opts)
	if *flagReport != "" {
		tell(t, finished(t, &r, over))
	}
	if r.Failure == nil {
		rest := ""
		if !r.Exhaustive {
			rest = ", not exhaustive"
			if e := r.Estimate; e.Walks > 0 {
				rest += ", of " + estimateText(e)
			}
		}
		if r.Panicked > 0 {
			rest += fmt.Sprintf("; in %d of them a thread panicked, and who joined it got that as an error", r.Panicked)
		}
		page := ""
		if *flagHTML != "" {
			page = savePassing(name, f, opts, &r)
		}
		t.Logf("model: %d executions, %d blocked, in %v%s%s%s", r.Executions, r.Blocked, r.Elapsed.Round(time.Millisecond), rest, tellUnseen(r.Unseen), page)
		return
	}
	page := ""
	if *flagHTML != "" {
		page = savePage(name, r.Failure)
	}
	t.Errorf("%s%s%s", strings.TrimLeft(indent(r.Failure.text()), " "), page, strings.TrimLeft(tellUnseen(r.Unseen), "\n"))
}

func savePage(name string, f *Failure) string {
	name = filepath.Join(*flagHTML, name+".html")
	file, err := os.Create(name)
	if err != nil {
		return fmt.Sprintf("no page: %v\n", err)
	}
	defer file.Close()
	if err := f.WriteHTML(file); err != nil {
		return fmt.Sprintf("no page: %v\n", err)
	}
	return "picture: " + name + "\n"
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n    ") + "\n"
}
