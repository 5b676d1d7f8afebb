package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// ours are the tools that are judged, peers those that are run beside them.
var (
	ours  = []string{"vet", "test", "race", "prove"}
	peers = []string{"govet", "staticcheck"}
)

// staticcheck is pinned, so that the figures mean the same tomorrow.
const staticcheck = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"

// goVet runs go vet with all of its analyzers. With -json its status is 0
// whatever it finds; a package that does not build is told on the other stream.
func (h *Hunt) goVet(ctx context.Context, dir string, run *Run) {
	o := h.run(ctx, dir, run, "go", "vet", "-json", "./...")
	t := goFiles{dir: dir}
	// For each package a line "# package", and an object on either stream.
	for text := range strings.SplitSeq(string(o.stdout)+"\n"+string(o.stderr), "\n# ") {
		start := strings.Index(text, "{")
		if start < 0 {
			continue
		}
		values := json.NewDecoder(strings.NewReader(text[start:]))
		for {
			var of map[string]map[string]json.RawMessage
			if values.Decode(&of) != nil {
				break
			}
			for _, analyzers := range of {
				for _, name := range sorted(analyzers) {
					var found []struct{ Posn, Message string }
					if json.Unmarshal(analyzers[name], &found) != nil {
						continue // an analyzer that failed
					}
					for _, f := range found {
						run.add(&t, "govet", name, f.Posn, f.Message)
					}
				}
			}
		}
	}
	if run.State == Done && o.exit != 0 {
		run.State, run.Why = NotBuilt, firstLine(string(o.stderr))
	}
}

// staticcheck runs its checks for bugs, SA. Those of style say nothing of these bugs.
func (h *Hunt) staticcheck(ctx context.Context, dir string, run *Run) {
	run.readStaticcheck(dir, h.run(ctx, dir, run, "go", "run", staticcheck, "-checks", "SA*", "-f", "json", "./..."))
}

// readStaticcheck puts down what staticcheck has printed.
func (r *Run) readStaticcheck(dir string, o outcome) {
	t := goFiles{dir: dir}
	values := json.NewDecoder(bytes.NewReader(o.stdout))
	for {
		var f struct {
			Code, Message string
			Location      struct {
				File string
				Line int
			}
		}
		if err := values.Decode(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			if r.State == Done {
				r.State, r.Why = Crashed, "what it prints is no JSON: "+err.Error()
			}
			return
		}
		if f.Code == "compile" || f.Code == "config" {
			if r.State == Done {
				r.State, r.Why = NotBuilt, firstLine(f.Message)
			}
			continue
		}
		r.add(&t, "staticcheck", f.Code, f.Location.File+":"+strconv.Itoa(f.Location.Line), f.Message)
	}
	// 1: there are findings.
	if r.State == Done && o.exit != 0 && len(r.Findings) == 0 {
		r.State, r.Why = NotBuilt, firstLine(string(o.stderr))
	}
}

// add puts down what a peer says of file:line or file:line:column.
func (r *Run) add(t *goFiles, tool, rule, position, message string) {
	local := strings.NewReplacer(t.dir+string(filepath.Separator), "")
	f := Finding{Tool: tool, Rule: rule, Where: local.Replace(position), Message: firstLine(local.Replace(message)), Sites: t.sites(position)}
	if len(f.Sites) > 0 {
		f.Where = Place{File: f.Sites[0].File, Line: f.Sites[0].Line}.String()
	}
	r.Findings = append(r.Findings, f)
}
