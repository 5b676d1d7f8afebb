package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/fearless-go/fearless/vet"
)

// IsToolCall tells whether args are those with which the go command calls a
// vet tool. A program whose executable is Options.Tool must then call Tool.
func IsToolCall(args []string) bool {
	switch {
	case len(args) == 0:
		return false
	case args[0] == "-V=full", args[0] == "-flags":
		return true
	}
	return config(args) != "" && (len(args) == 1 || strings.HasPrefix(args[0], "-"))
}

// config is the file, given as the last argument, that describes a package.
func config(args []string) string {
	if len(args) == 0 || filepath.Base(args[len(args)-1]) != "vet.cfg" {
		return ""
	}
	return args[len(args)-1]
}

// Tool does what the go command asks of a vet tool, and exits.
func Tool() {
	analyzers := wanted(os.Args[1:])
	named(analyzers)
	// The process lives for a second or two: memory buys much of that time.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	// But not of a package of half a million lines, which would take gigabytes.
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	// Of a package that is only a dependency, facts are all that is wanted.
	// Left to itself, unitchecker would run every rule that uses one.
	if file := config(os.Args[1:]); file != "" {
		path, only := described(file)
		begun(path, only)
		if only {
			unitchecker.Run(file, factual(analyzers))
		}
	}
	unitchecker.Main(analyzers...)
}

// wanted are the analyzers that a vet tool with these arguments has to run.
// If some rules are asked for ("-share -held vet.cfg"), only they: left to
// itself, unitchecker would run all, since "ignore" needs all there are.
func wanted(args []string) []*analysis.Analyzer {
	var names []string
	if config(args) != "" {
		for _, arg := range args[:len(args)-1] {
			name := strings.TrimSuffix(strings.TrimLeft(arg, "-"), "=true")
			known := slices.ContainsFunc(vet.Rules(), func(r vet.Rule) bool { return r.Name == name })
			if known {
				names = append(names, name)
			}
		}
	}
	analyzers, err := vet.Analyzers(names...)
	if err != nil {
		panic(err) // the names are known
	}
	return analyzers
}

// named makes analyzers end each message with their name, which "go vet
// -vettool" would not print. Finding takes it off again: the go command asks
// for JSON in both cases, and keeps the answer for the next who asks.
func named(analyzers []*analysis.Analyzer) {
	for _, a := range analyzers {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			inner := *pass
			inner.Report = func(d analysis.Diagnostic) {
				d.Message += suffix(a.Name)
				pass.Report(d)
			}
			return run(&inner)
		}
	}
}

func suffix(rule string) string { return " [" + rule + "]" }

// memoryLimit is when the garbage collector gives up speed for memory.
const memoryLimit = 7 << 28 // 1.75 GiB

// described is the path of the package that file describes, and whether it is
// only a dependency. A file that cannot be read is left to unitchecker to
// complain about.
func described(file string) (path string, factsOnly bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", false
	}
	var cfg struct {
		ImportPath string
		VetxOnly   bool
	}
	if err := json.Unmarshal(data, &cfg); err != nil {
		return "", false
	}
	return cfg.ImportPath, cfg.VetxOnly
}

// factual are those among the analyzers, and among what they require, that
// themselves produce facts.
func factual(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var found []*analysis.Analyzer
	seen := map[*analysis.Analyzer]bool{}
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, r := range a.Requires {
			visit(r)
		}
		if len(a.FactTypes) > 0 {
			found = append(found, a)
		}
	}
	for _, a := range analyzers {
		visit(a)
	}
	return found
}
