package vet_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/vet"
)

// A snippetDriver runs analyzers over one package that is given as text. It
// is as small as a driver can be, so that the fuzzer is fast.
type snippetDriver struct {
	fset    *token.FileSet
	files   []*ast.File
	pkg     *types.Package
	info    *types.Info
	results map[*analysis.Analyzer]any
	found   []string
}

// imports reads the export data of what programs may import, as the go
// command compiles it.
var imports = sync.OnceValue(func() types.Importer {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	out, err := exec.Command("go", append(args, importable...)...).Output()
	if err != nil {
		panic(fmt.Sprintf("go list -export: %v", err))
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file := exports[path]
		if file == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(file)
	})
})

var importable = []string{
	"bytes", "context", "errors", "fmt", "io", "net", "os", "runtime", "sort", "strings", "sync", "sync/atomic", "testing", "time",
	"golang.org/x/sync/errgroup",
	"github.com/fearless-go/fearless/arc", "github.com/fearless-go/fearless/atomic", "github.com/fearless-go/fearless/cell",
	"github.com/fearless-go/fearless/lock", "github.com/fearless-go/fearless/marker", "github.com/fearless-go/fearless/rc",
	"github.com/fearless-go/fearless/thread",
}

// check type-checks src and runs every rule over it. It returns the findings,
// or an error if src is not a correct package.
func check(src string) ([]string, error) {
	d := &snippetDriver{fset: token.NewFileSet(), results: map[*analysis.Analyzer]any{}}
	f, err := parser.ParseFile(d.fset, "snippet.go", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	defer patience(src).Stop()
	d.files = []*ast.File{f}
	d.info = &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Instances:    map[*ast.Ident]types.Instance{},
		Scopes:       map[ast.Node]*types.Scope{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: imports(), GoVersion: "go1.26"}
	if d.pkg, err = conf.Check("snippet", d.fset, d.files, d.info); err != nil {
		return nil, err
	}
	analyzers, err := vet.Analyzers()
	if err != nil {
		return nil, err
	}
	for _, a := range analyzers {
		if err := d.run(a); err != nil {
			return nil, fmt.Errorf("%w: %w", errAnalyzer, err)
		}
	}
	return d.found, nil
}

// patience ends the process if a program takes too long while fuzzing: a
// hang is a fault like a crash.
func patience(src string) *time.Timer {
	d := time.Hour
	if f := flag.Lookup("test.fuzz"); f != nil && f.Value.String() != "" {
		d = 20 * time.Second
	}
	return time.AfterFunc(d, func() { panic("the analyzers hang on this program:\n" + src) })
}

var errAnalyzer = fmt.Errorf("an analyzer failed")

func (d *snippetDriver) run(a *analysis.Analyzer) error {
	if _, done := d.results[a]; done {
		return nil
	}
	inputs := map[*analysis.Analyzer]any{}
	for _, r := range a.Requires {
		if err := d.run(r); err != nil {
			return err
		}
		inputs[r] = d.results[r]
	}
	facts := map[types.Object]map[reflect.Type]analysis.Fact{}
	pass := &analysis.Pass{
		Analyzer: a, Fset: d.fset, Files: d.files, Pkg: d.pkg, TypesInfo: d.info,
		TypesSizes: types.SizesFor("gc", "amd64"), ResultOf: inputs, ReadFile: os.ReadFile,
		Report: func(diag analysis.Diagnostic) {
			d.found = append(d.found, fmt.Sprintf("%d: %s [%s]", d.fset.Position(diag.Pos).Line, diag.Message, a.Name))
		},
		ImportObjectFact: func(obj types.Object, f analysis.Fact) bool {
			have, ok := facts[obj][reflect.TypeOf(f)]
			if ok {
				reflect.ValueOf(f).Elem().Set(reflect.ValueOf(have).Elem())
			}
			return ok
		},
		ExportObjectFact: func(obj types.Object, f analysis.Fact) {
			if facts[obj] == nil {
				facts[obj] = map[reflect.Type]analysis.Fact{}
			}
			facts[obj][reflect.TypeOf(f)] = f
		},
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
		AllObjectFacts:    func() []analysis.ObjectFact { return nil },
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
	}
	result, err := a.Run(pass)
	if err != nil {
		return fmt.Errorf("%s: %w", a.Name, err)
	}
	d.results[a] = result
	return nil
}

// FuzzAnalyzers looks for programs over which an analyzer crashes or hangs.
func FuzzAnalyzers(f *testing.F) {
	f.Add([]byte{open(1), 0, end, 1})
	f.Add([]byte{open(0), 0, end, open(0), 0, end, 22})
	f.Add([]byte{28, 29, open(3), 29, open(4), 28})
	for i := range pieces {
		f.Add([]byte{open(i), byte(i), end, byte(i), open(i + 1), open(i + 2), byte(i), byte(i + 1)})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 40 {
			return
		}
		src := program(data)
		if _, err := check(src); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
	})
}

// TestMutatedPrograms runs programs of pieces in random order; it needs no
// fuzzing engine.
func TestMutatedPrograms(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		data := make([]byte, 24)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		src := program(data)
		if _, err := check(src); err != nil {
			t.Fatalf("%v: %v\n%s", data, err, src)
		}
	}
}

// TestEveryPieceIsValid tells which piece a generator of invalid programs has
// to thank for it.
func TestEveryPieceIsValid(t *testing.T) {
	for i := range pieces {
		if _, err := check(program([]byte{byte(i)})); err != nil {
			t.Errorf("%q: %v", pieces[i], err)
		}
	}
	for i := range openers {
		if _, err := check(program([]byte{open(i), 0, end})); err != nil {
			t.Errorf("%q: %v", openers[i].begin, err)
		}
	}
}

func TestSnippetHasItsFinding(t *testing.T) {
	found, err := check(program([]byte{open(1), 0, end, 1}))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(found, "\n"), "[share]") {
		t.Errorf("a write in a goroutine and a read beside it: %q", found)
	}
}

// FuzzSources looks for such programs among those that come of the rules'
// own test data when statements are dropped, moved, repeated and put into
// goroutines and loops. What does not type-check any more is passed over.
func FuzzSources(f *testing.F) {
	sources := testdata(f)
	for i := range sources {
		f.Add(uint16(i), []byte{0, byte(i), 1, 3, byte(i), 2, 4, 1, 1})
	}
	f.Fuzz(func(t *testing.T, which uint16, edits []byte) {
		if len(edits) > 60 {
			return
		}
		src := mutate(sources[int(which)%len(sources)], edits)
		if _, err := check(src); errors.Is(err, errAnalyzer) {
			t.Fatalf("%v\n%s", err, src)
		}
	})
}

func TestMutatedSourcesLong(t *testing.T) {
	long.Only(t, "each source in ten ways")
	random := rand.New(rand.NewPCG(3, 4))
	valid := 0
	for _, src := range testdata(t) {
		for range 10 {
			edits := make([]byte, 6)
			for i := range edits {
				edits[i] = byte(random.Uint32())
			}
			_, err := check(mutate(src, edits))
			if errors.Is(err, errAnalyzer) {
				t.Fatalf("%v: %v\n%s", edits, err, mutate(src, edits))
			}
			if err == nil {
				valid++
			}
		}
	}
	if valid < 20 {
		t.Errorf("only %d mutated programs type-check: the mutations find nothing", valid)
	}
}
