package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/modcopy"
	"github.com/fearless-go/fearless/vet/check"
)

// vet runs fearless vet. Where tests do not build, their package is checked again
// without any: an old module is often right, and its tests no longer are.
func (h *Hunt) vet(ctx context.Context, dir string, run *Run) {
	h.vetOnce(ctx, dir, run)
	if run.State != NotBuilt || ctx.Err() != nil {
		return
	}
	bare, err := os.MkdirTemp("", "hunt")
	if err != nil {
		return
	}
	defer os.RemoveAll(bare)
	if bare, err = filepath.EvalSymlinks(bare); err != nil {
		return
	}
	if modcopy.Tree(dir, bare, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }) != nil {
		return
	}
	again := Run{Tool: "vet"}
	h.vetOnce(ctx, bare, &again)
	again.Seconds += run.Seconds
	again.Memory = max(again.Memory, run.Memory)
	if again.State == Done {
		again.Why = "without tests in packages whose tests do not build"
	}
	for _, f := range run.Findings {
		if !slices.ContainsFunc(again.Findings, func(g Finding) bool { return g.Rule == f.Rule && g.Where == f.Where }) {
			again.Findings = append(again.Findings, f)
		}
	}
	*run = again
}

func (h *Hunt) vetOnce(ctx context.Context, dir string, run *Run) {
	o := h.run(ctx, dir, run, h.Fearless, "vet", "-json", "./...")
	var findings []check.Finding
	if err := json.Unmarshal(o.stdout, &findings); err != nil && run.State == Done {
		run.State, run.Why = notRun(o)
		return
	}
	if o.exit == 2 && run.State == Done {
		run.State, run.Why = notRun(o) // some packages, not all: what was found stays
	}
	t := goFiles{dir: dir}
	for _, f := range findings {
		site := t.site(relative(dir, f.File), f.Line)
		run.Findings = append(run.Findings, Finding{
			Tool: "vet", Rule: f.Rule, Note: f.Note, Sites: []Place{site},
			Where: site.File + ":" + fmt.Sprint(f.Line), Message: firstLine(strings.ReplaceAll(f.Message, dir+string(filepath.Separator), "")),
		})
	}
}

// notRun tells a fault of the tool from a module that does not build here.
func notRun(o outcome) (State, string) {
	text := string(o.stderr)
	if strings.Contains(text, "\ngoroutine ") && (strings.Contains(text, "panic: ") || strings.Contains(text, "fatal error: ")) {
		i := max(strings.Index(text, "panic: "), strings.Index(text, "fatal error: "))
		return Crashed, firstLine(text[i:])
	}
	if o.exit == 2 {
		return NotBuilt, firstLine(lastLines(text))
	}
	return Crashed, fmt.Sprintf("status %d: %s", o.exit, firstLine(lastLines(text)))
}

// lastLines is the part of a text from the error on: what comes before is progress.
func lastLines(text string) string {
	if i := strings.LastIndex(text, "fearless: "); i >= 0 {
		return text[i:]
	}
	return text
}
