package fragment_test

import (
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
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/fragment"
	"github.com/fearless-go/fearless/vet/share"
)

var show = flag.Bool("show", false, "print the programs on which share is wrong")

// imports reads the export data of what the programs import.
var imports = sync.OnceValue(func() types.Importer {
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "runtime", "sync", "sync/atomic").Output()
	if err != nil {
		panic(fmt.Sprintf("go list -export: %v", err))
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
})

// findings is what share says about a package that is given as text.
func findings(src string) ([]string, error) {
	found, _, err := analyze(src)
	return found, err
}

// analyze runs share, and returns the results of the analyzers below it, too.
func analyze(src string) (found []string, results map[*analysis.Analyzer]any, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		return nil, nil, err
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: imports(), GoVersion: "go1.26"}
	pkg, err := conf.Check("p", fset, []*ast.File{f}, info)
	if err != nil {
		return nil, nil, err
	}
	results = map[*analysis.Analyzer]any{}
	var run func(a *analysis.Analyzer) error
	run = func(a *analysis.Analyzer) error {
		if _, done := results[a]; done {
			return nil
		}
		for _, r := range a.Requires {
			if err := run(r); err != nil {
				return err
			}
		}
		result, err := a.Run(&analysis.Pass{
			Analyzer: a, Fset: fset, Files: []*ast.File{f}, Pkg: pkg, TypesInfo: info,
			TypesSizes: types.SizesFor("gc", "amd64"), ResultOf: results, ReadFile: os.ReadFile,
			Report: func(d analysis.Diagnostic) {
				if a == share.Analyzer {
					found = append(found, fmt.Sprintf("%d: %s", fset.Position(d.Pos).Line, d.Message))
				}
			},
			ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
			ExportObjectFact:  func(types.Object, analysis.Fact) {},
			ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
			ExportPackageFact: func(analysis.Fact) {},
			AllObjectFacts:    func() []analysis.ObjectFact { return nil },
			AllPackageFacts:   func() []analysis.PackageFact { return nil },
		})
		results[a] = result
		return err
	}
	err = run(share.Analyzer)
	return found, results, err
}

// A score is how share does on one protocol, or on all.
type score struct {
	racy, found   int // programs with a race, and those of them that share flags
	free, flagged int // programs without a race, deadlock or panic, and those that share flags
}

func (s *score) add(race, flagged bool) {
	if race {
		s.racy++
		if flagged {
			s.found++
		}
		return
	}
	s.free++
	if flagged {
		s.flagged++
	}
}

// programs is how many programs TestShareDecidesTheFragment runs. The figures
// of README are those of FEARLESS_FRAGMENT=4000.
func programs(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("FEARLESS_FRAGMENT"))
	if err != nil && os.Getenv("FEARLESS_FRAGMENT") != "" {
		t.Fatalf("FEARLESS_FRAGMENT: %v", err)
	}
	return max(n, 300)
}

const maxStates = 60_000

// TestShareDecidesTheFragment holds share against the judge.
func TestShareDecidesTheFragment(t *testing.T) {
	n := programs(t)
	var all score
	by := map[string]*score{}
	undecided, invalid := 0, 0
	for i := range n {
		p := fragment.Generate(rand.New(rand.NewPCG(uint64(i), 4)), i)
		v := fragment.Judge(p, maxStates)
		if !v.Race && (!v.Complete || v.Deadlock || v.Panic) {
			undecided++
			continue
		}
		src := p.Source()
		found, err := findings(src)
		if err != nil {
			invalid++
			if *show {
				t.Logf("%s: %v\n%s", p.Name, err, src)
			}
			continue
		}
		name, _, _ := strings.Cut(p.Name, "+")
		if by[name] == nil {
			by[name] = new(score)
		}
		all.add(v.Race, len(found) > 0)
		by[name].add(v.Race, len(found) > 0)
		if *show && v.Race != (len(found) > 0) {
			t.Logf("program %d, %s: race %t, found %q\n%s", i, p.Name, v.Race, found, src)
		}
	}
	for name, s := range by {
		t.Logf("%-20s races %3d of %3d, race-free flagged %3d of %3d", name, s.found, s.racy, s.flagged, s.free)
	}
	t.Logf("all: races %d of %d, race-free flagged %d of %d; %d not used, %d not valid", all.found, all.racy, all.flagged, all.free, undecided, invalid)
	if invalid > n/20 || undecided > n/2 {
		t.Errorf("of %d programs %d are not valid Go and %d are not used: the generator is not worth much", n, invalid, undecided)
	}
	if all.found != all.racy || all.flagged > 0 {
		t.Errorf("share finds %d of %d races and flags %d of %d programs without one: it decides this fragment, so each is a fault (-args -show prints them)",
			all.found, all.racy, all.flagged, all.free)
	}
}
