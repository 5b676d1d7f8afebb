// Command platforms looks at this module's packages and tests as each of the
// platforms named has them, as go vet does: it says what does not type-check, and
// what vet's analyzers find.
//
//	go run ./.ci/platforms linux/arm64 darwin/amd64
//
// go vet reads what the compiler has written of each dependency, so that it
// compiles the distribution and all libraries for each platform first, which takes
// more than a minute each. Here dependencies are read as source, and without the
// bodies of their functions, which no type depends on. What an analyzer concludes
// from such a body, as that a function is another Printf, is not known: for that
// go vet runs on the platform at hand, for which all is compiled anyway.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/appends"
	"golang.org/x/tools/go/analysis/passes/asmdecl"
	"golang.org/x/tools/go/analysis/passes/assign"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/bools"
	"golang.org/x/tools/go/analysis/passes/buildtag"
	"golang.org/x/tools/go/analysis/passes/composite"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/defers"
	"golang.org/x/tools/go/analysis/passes/directive"
	"golang.org/x/tools/go/analysis/passes/errorsas"
	"golang.org/x/tools/go/analysis/passes/framepointer"
	"golang.org/x/tools/go/analysis/passes/hostport"
	"golang.org/x/tools/go/analysis/passes/httpresponse"
	"golang.org/x/tools/go/analysis/passes/ifaceassert"
	"golang.org/x/tools/go/analysis/passes/loopclosure"
	"golang.org/x/tools/go/analysis/passes/lostcancel"
	"golang.org/x/tools/go/analysis/passes/nilfunc"
	"golang.org/x/tools/go/analysis/passes/printf"
	"golang.org/x/tools/go/analysis/passes/shift"
	"golang.org/x/tools/go/analysis/passes/sigchanyzer"
	"golang.org/x/tools/go/analysis/passes/slog"
	"golang.org/x/tools/go/analysis/passes/stdmethods"
	"golang.org/x/tools/go/analysis/passes/stdversion"
	"golang.org/x/tools/go/analysis/passes/stringintconv"
	"golang.org/x/tools/go/analysis/passes/structtag"
	"golang.org/x/tools/go/analysis/passes/testinggoroutine"
	"golang.org/x/tools/go/analysis/passes/tests"
	"golang.org/x/tools/go/analysis/passes/timeformat"
	"golang.org/x/tools/go/analysis/passes/unmarshal"
	"golang.org/x/tools/go/analysis/passes/unreachable"
	"golang.org/x/tools/go/analysis/passes/unsafeptr"
	"golang.org/x/tools/go/analysis/passes/unusedresult"
	"golang.org/x/tools/go/analysis/passes/waitgroup"
	"golang.org/x/tools/go/packages"
)

// analyzers are those of go vet, but for cgocall: without a C compiler for the
// platform there is no cgo.
var analyzers = []*analysis.Analyzer{
	appends.Analyzer, asmdecl.Analyzer, assign.Analyzer, atomic.Analyzer, bools.Analyzer, buildtag.Analyzer,
	composite.Analyzer, copylock.Analyzer, defers.Analyzer, directive.Analyzer, errorsas.Analyzer, framepointer.Analyzer,
	hostport.Analyzer, httpresponse.Analyzer, ifaceassert.Analyzer, loopclosure.Analyzer, lostcancel.Analyzer,
	nilfunc.Analyzer, printf.Analyzer, shift.Analyzer, sigchanyzer.Analyzer, slog.Analyzer, stdmethods.Analyzer,
	stdversion.Analyzer, stringintconv.Analyzer, structtag.Analyzer, testinggoroutine.Analyzer, tests.Analyzer,
	timeformat.Analyzer, unmarshal.Analyzer, unreachable.Analyzer, unsafeptr.Analyzer, unusedresult.Analyzer, waitgroup.Analyzer,
}

func main() {
	faults := 0
	for _, platform := range os.Args[1:] {
		system, machine, ok := strings.Cut(platform, "/")
		if !ok {
			fmt.Fprintf(os.Stderr, "platforms: %q: write it as in linux/arm64\n", platform)
			os.Exit(2)
		}
		n, err := look(system, machine)
		if err != nil {
			fmt.Fprintf(os.Stderr, "platforms: %s: %v\n", platform, err)
			os.Exit(2)
		}
		faults += n
	}
	if len(os.Args) == 1 {
		fmt.Fprintln(os.Stderr, "platforms: no platform is named, as linux/arm64")
		os.Exit(2)
	}
	if faults > 0 {
		os.Exit(1)
	}
}

// look prints what is wrong on a platform, and returns how many lines it had.
func look(system, machine string) (faults int, err error) {
	root, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	ours := func(file string) bool { return strings.HasPrefix(file, root+string(filepath.Separator)) }
	pkgs, err := packages.Load(&packages.Config{
		Mode:  packages.LoadAllSyntax | packages.NeedModule,
		Env:   append(os.Environ(), "GOOS="+system, "GOARCH="+machine, "CGO_ENABLED=0"),
		Tests: true,
		ParseFile: func(fset *token.FileSet, name string, text []byte) (*ast.File, error) {
			file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
			if file != nil && !ours(name) {
				withoutBodies(file)
			}
			return file, err
		},
	}, "./...")
	if err != nil {
		return 0, err
	}
	if len(pkgs) < 2 {
		return 0, fmt.Errorf("%d packages below %s: run it at the root of the module", len(pkgs), root)
	}
	pkgs = slices.DeleteFunc(pkgs, func(p *packages.Package) bool { return strings.HasSuffix(p.PkgPath, ".test") }) // generated
	say := func(where, what string) {
		faults++
		fmt.Printf("%s/%s: %s: %s\n", system, machine, strings.TrimPrefix(where, root+string(filepath.Separator)), what)
	}
	own := map[*packages.Package]bool{}
	for _, p := range pkgs {
		own[p] = true
	}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if own[p] || !ofNoBody(e.Msg) {
				say(e.Pos, e.Msg)
			}
		}
		p.IllTyped = false // or nothing that imports it is analyzed
	})
	if faults > 0 {
		return faults, nil
	}
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		return 0, err
	}
	said := map[string]bool{} // a file is in a package, and in the same package with its tests
	for _, act := range graph.Roots {
		if act.Err != nil {
			return 0, fmt.Errorf("%s: %w", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			where := act.Package.Fset.Position(d.Pos).String()
			if what := d.Message + " (" + act.Analyzer.Name + ")"; ours(where) && !said[where+what] {
				said[where+what] = true
				say(where, what)
			}
		}
	}
	return faults, nil
}

// withoutBodies takes the bodies of a file's functions away.
func withoutBodies(file *ast.File) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			f.Body = nil
		}
	}
}

// ofNoBody reports whether an error comes of what withoutBodies does. No type
// depends on what it is about.
func ofNoBody(message string) bool {
	for _, end := range []string{" imported and not used", "func init must have a body", "generic function is missing function body"} {
		if strings.HasSuffix(message, end) {
			return true
		}
	}
	return strings.Contains(message, " imported as ") && strings.HasSuffix(message, " and not used")
}
