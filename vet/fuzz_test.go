package vet_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"

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

var imports = sync.OnceValue(func() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "source", nil)
})

// check type-checks src and runs every rule over it. It returns the findings,
// or an error if src is not a correct package.
func check(src string) ([]string, error) {
	d := &snippetDriver{fset: token.NewFileSet(), results: map[*analysis.Analyzer]any{}}
	f, err := parser.ParseFile(d.fset, "snippet.go", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
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

// pieces are statements that the fuzzer puts together. All use the same
// variables, so that any sequence of them type-checks.
var pieces = []string{
	"x++",
	"println(x)",
	"xs[0] = x",
	"xs = append(xs, x)",
	"for i := range xs { xs[i]++ }",
	"m[x] = 1",
	"delete(m, 1)",
	"p.n++",
	"p = p.next",
	"p.next = &node{}",
	"c <- 1",
	"<-c",
	"close(c)",
	"for range c { x++ }",
	"select { case c <- x: x = 1; case v, ok := <-c: if ok { x = v }; default: }",
	"select { case <-c: case d <- p: }",
	"mu.Lock()",
	"mu.Unlock()",
	"defer mu.Unlock()",
	"rw.RLock(); println(x); rw.RUnlock()",
	"wg.Add(1)",
	"wg.Done()",
	"wg.Wait()",
	"once.Do(func() { x = 2 })",
	"atomic.AddInt64(&a, 1)",
	"if atomic.LoadInt64(&a) == 1 { x = 3 }",
	"for a == 0 { }",
	"f()",
	"f = func() { x++; f() }",
	"go f()",
	"defer f()",
	"defer func() { recover() }()",
	"go func(n *node) { n.n++ }(p)",
	"if x > 2 { return }",
	"if e, ok := i.(*node); ok { e.n = 1 }",
	"i = p",
	"i = x",
	"var q list[int]; q.push(1); go q.push(2)",
	"t := tree[string]{}; t.walk(func(string) { x++ })",
	"goto end",
	"panic(x)",
	"p, p.next = p.next, p",
	"s.a[x%3].b = s.a[1].b",
	"s = s2{}",
	"for n := range seq { x += n }",
}

// openers are statements that hold the ones that follow, up to "}".
var openers = []string{
	"go func() {",
	"wg.Go(func() {",
	"func() {",
	"for range 3 {",
	"for x < 10 {",
	"if x == 1 {",
	"defer func() {",
	"once.Do(func() {",
	"{",
}

// program is the package that data stands for.
func program(data []byte) string {
	var b strings.Builder
	b.WriteString(`package snippet

import ("sync"; "sync/atomic")

type node struct { n int; next *node }
type s2 struct { a [3]struct{ b, c int } }
type list[T any] struct { v T; next *list[T] }
func (l *list[T]) push(v T) { l.v = v; if l.next != nil { l.next.push(v) } }
type tree[T any] struct { left, right *tree[T]; v T }
func (t *tree[T]) walk(f func(T)) { if t == nil { return }; go t.left.walk(f); f(t.v); t.right.walk(f) }
func seq(yield func(int) bool) { for i := range 3 { if !yield(i) { return } } }
var g int

func root(x int, xs []int, p *node, i any) (err error) {
	m := map[int]int{}
	c, d := make(chan int, 1), make(chan *node)
	var mu sync.Mutex; var rw sync.RWMutex; var wg sync.WaitGroup; var once sync.Once
	var a int64; var s s2
	f := func() { g++ }
	atomic.AddInt64(&a, 1)
	_, _, _, _, _, _, _, _ = m, &mu, &rw, &wg, &once, a, s, f
	func() {
		_, _ = c, d
`)
	var closers []string
	inFunc := []bool{true}
	for _, n := range data {
		switch {
		case n >= 250 && len(closers) > 0:
			b.WriteString(closers[len(closers)-1] + "\n")
			closers, inFunc = closers[:len(closers)-1], inFunc[:len(inFunc)-1]
		case n >= 200 && len(closers) < 6:
			o := openers[int(n)%len(openers)]
			b.WriteString(o + "\n")
			end := "}"
			switch {
			case strings.Contains(o, "(func"):
				end = "})"
			case strings.Contains(o, "func"):
				end = "}()"
			}
			closers, inFunc = append(closers, end), append(inFunc, true)
		default:
			piece := pieces[int(n)%len(pieces)]
			if piece == "goto end" {
				piece = "x--"
			}
			fmt.Fprintf(&b, "{ %s }\n", piece)
		}
	}
	for i := len(closers) - 1; i >= 0; i-- {
		b.WriteString(closers[i] + "\n")
	}
	b.WriteString("}()\n\treturn\n}\n")
	return b.String()
}

// FuzzAnalyzers looks for programs over which an analyzer crashes or hangs.
func FuzzAnalyzers(f *testing.F) {
	f.Add([]byte{207, 0, 250, 1})
	f.Add([]byte{208, 0, 255, 208, 0, 255, 22})
	f.Add([]byte{28, 29, 203, 29, 204, 28})
	for i := range pieces {
		f.Add([]byte{207, byte(i), 255, byte(i), 206, 203, byte(i), byte(i + 1)})
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

// TestMutatedPrograms runs the fuzzer's seeds with statements dropped, moved
// and repeated; it needs no fuzzing engine.
func TestMutatedPrograms(t *testing.T) {
	for seed := range 60 {
		data := make([]byte, 0, 24)
		n := uint32(seed)*2654435761 + 1
		for range 24 {
			n = n*1664525 + 1013904223
			data = append(data, byte(n>>24))
		}
		src := program(data)
		if _, err := check(src); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, src)
		}
	}
}

func TestSnippetHasItsFinding(t *testing.T) {
	found, err := check(program([]byte{207, 0, 250, 1}))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(found, "\n"), "[share]") {
		t.Errorf("a write in a goroutine and a read beside it: %q", found)
	}
}
