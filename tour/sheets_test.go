package tour

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/examples/rejected"
)

// The tour in a browser has everything that the one in a terminal has.
func TestTourIsWhole(t *testing.T) {
	lessons, err := Lessons()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, l := range lessons {
		if seen[l.Name] {
			t.Errorf("%s is there twice", l.Name)
		}
		seen[l.Name] = true
	}
	for _, p := range book.Programs() {
		if !seen[p.Name] {
			t.Errorf("%s is missing", p.Name)
		}
	}
	for _, p := range rejected.Programs() {
		if !seen["rejected-"+p.Name] {
			t.Errorf("rejected-%s is missing", p.Name)
		}
	}
}

// Every program of the tour compiles in the workshop, as its reader would do it,
// without a network and without the module cache.
func TestEverySheetCompiles(t *testing.T) {
	w, err := newWorkshop(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer w.remove()
	lessons, err := Lessons()
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	programs := map[string][]*ast.File{}
	imported := map[string]bool{}
	for _, l := range lessons {
		for i, s := range l.Sheets {
			name := fmt.Sprintf("%s, sheet %d", l.Name, i)
			dir, err := w.bench(s, s.Source)
			if err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "tour", "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				programs[name] = append(programs[name], parsed)
				for _, spec := range parsed.Imports {
					imported[strings.Trim(spec.Path.Value, `"`)] = true
				}
			}
			if s.Check != "" && s.Hidden == "" {
				t.Errorf("%s: an exercise without what it has to pass", name)
			}
		}
	}
	compiled := exported(t, w, slices.Sorted(maps.Keys(imported)))
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })}
	for name, files := range programs {
		if _, err := config.Check("tour", fset, files, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// exported are the files with what packages export, compiled in the workshop
// with an empty module cache.
func exported(t *testing.T, w *workshop, packages []string) map[string]string {
	t.Helper()
	dir, err := w.bench(Sheet{}, "package main\n\nfunc main() {}\n")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, packages...)...)
	cmd.Dir, cmd.Env = filepath.Join(dir, "tour"), append(w.environment(dir), "GOMODCACHE="+filepath.Join(dir, "empty"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files
}

func TestArchive(t *testing.T) {
	text, files := parseArchive("# Title\n\nOne\ntwo.\n\nThree.\n-- program.go --\npackage main\n\n-- - --\n-- model.go small --\nx -- y --\n")
	if got := paragraphs(text); !slices.Equal(got, []string{"# Title", "One two.", "Three."}) {
		t.Errorf("the text is %q", got)
	}
	want := []archived{{"program.go", "package main\n\n"}, {"-", ""}, {"model.go small", "x -- y --\n"}}
	if !slices.Equal(files, want) {
		t.Errorf("the files are %q", files)
	}
}

func TestHighlightNeverChangesAText(t *testing.T) {
	for _, source := range []string{
		"", "\n", "\n\n", "package main", "package main\n", "\tx := `a\nb`\n/* c\nd */", "\"open", "`open", "/* open", "ä\u2028\x00\r\nb", "\xff",
	} {
		lines := highlight(source)
		var got []string
		for _, l := range lines {
			text := ""
			for _, t := range l {
				text += t[1]
			}
			got = append(got, text)
		}
		if want := strings.ReplaceAll(source, "\r\n", "\n"); strings.Join(got, "\n") != want {
			t.Errorf("%q became %q", want, strings.Join(got, "\n"))
		}
	}
	if lines := highlight("package main // x"); len(lines) != 1 || lines[0][0] != [2]string{"k", "package"} {
		t.Errorf("no keyword in %q", lines)
	}
}
