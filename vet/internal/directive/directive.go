// Package directive applies the //fearless:ignore comments to the findings
// of every analyzer, in one place and under every driver.
package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// Prefix opens a comment that suppresses a rule on its line or, if it stands
// alone on its line, on the next.
const Prefix = "//fearless:ignore"

// A Directive is one //fearless:ignore RULE[,RULE...] reason.
type Directive struct {
	Pos    token.Pos
	End    token.Pos
	Rules  []string
	Reason string

	file string
	line int // the line whose findings it suppresses
	used map[string]bool
}

// A Table holds the directives of one package, and which of its files are
// generated: what is found there is not told, since whoever reads it cannot
// mend it.
type Table struct {
	fset      *token.FileSet
	generated map[string]bool // by file name
	mu        sync.Mutex
	all       []*Directive
}

// Analyzer collects the directives of a package into a *Table.
var Analyzer = &analysis.Analyzer{
	Name:             "directive",
	Doc:              "collect //fearless:ignore comments, for other analyzers",
	Run:              run,
	ResultType:       reflect.TypeFor[*Table](),
	RunDespiteErrors: true,
}

func run(pass *analysis.Pass) (any, error) {
	t := &Table{fset: pass.Fset, generated: map[string]bool{}}
	for _, f := range pass.Files {
		if ast.IsGenerated(f) && pass.Fset.Position(f.Package).Filename == pass.Fset.PositionFor(f.Package, false).Filename {
			// With a //line comment it stands for what somebody has written, as cgo's output does.
			t.generated[pass.Fset.PositionFor(f.Pos(), false).Filename] = true
			continue
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if d := parse(pass.Fset, f, c); d != nil {
					t.all = append(t.all, d)
				}
			}
		}
	}
	return t, nil
}

func parse(fset *token.FileSet, f *ast.File, c *ast.Comment) *Directive {
	rest, ok := strings.CutPrefix(c.Text, Prefix)
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return nil
	}
	// A further comment on the line is not part of the reason.
	rest, _, _ = strings.Cut(rest, "//")
	rules, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	pos := fset.PositionFor(c.Pos(), false)
	d := &Directive{
		Pos: c.Pos(), End: c.End(),
		Reason: strings.TrimSpace(reason),
		file:   pos.Filename, line: pos.Line,
		used: map[string]bool{},
	}
	if rules != "" {
		d.Rules = strings.Split(rules, ",")
	}
	if alone(fset, f, c) {
		d.line++
	}
	return d
}

// alone tells whether no code stands before c on its line.
func alone(fset *token.FileSet, f *ast.File, c *ast.Comment) bool {
	line := fset.PositionFor(c.Pos(), false).Line
	code := false
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || code {
			return false
		}
		switch n.(type) {
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		from, to := fset.PositionFor(n.Pos(), false).Line, fset.PositionFor(n.End(), false).Line
		if from > line || to < line {
			return false
		}
		if n.Pos() < c.Pos() && from == line || n.End() <= c.Pos() && to == line {
			code = true
		}
		return !code
	})
	return !code
}

// suppresses tells whether rule's finding at pos is held back: by a directive,
// or because the file is generated.
func (t *Table) suppresses(rule string, pos token.Pos) bool {
	p := t.fset.PositionFor(pos, false)
	if t.generated[p.Filename] {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.all {
		if d.line == p.Line && d.file == p.Filename && slices.Contains(d.Rules, rule) {
			d.used[rule] = true
			return d.Reason != ""
		}
	}
	return false
}

// Wrap returns an analyzer that is a, except that its findings go through
// the directives of the package. It leaves a as it is.
func Wrap(a *analysis.Analyzer) *analysis.Analyzer {
	w := *a
	w.Requires = append(slices.Clone(a.Requires), Analyzer)
	w.Run = func(pass *analysis.Pass) (any, error) {
		table := pass.ResultOf[Analyzer].(*Table)
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			if d.Category == "" {
				d.Category = a.Name
			}
			if !d.End.IsValid() {
				d.End = end(pass, d.Pos)
			}
			if !table.suppresses(a.Name, d.Pos) {
				pass.Report(d)
			}
		}
		return a.Run(&inner)
	}
	return &w
}

// Checker returns the analyzer "ignore", which reports the directives that
// have no reason, name an unknown rule or suppress nothing. The wrapped
// analyzers must be all that run beside it; names are all rules there are.
func Checker(wrapped []*analysis.Analyzer, names []string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "ignore",
		Doc:      "ignore: flags a //fearless:ignore without a reason, of an unknown rule, or that suppresses nothing",
		Requires: append(slices.Clone(wrapped), Analyzer),
		Run: func(pass *analysis.Pass) (any, error) {
			for _, d := range pass.ResultOf[Analyzer].(*Table).all {
				for _, problem := range d.problems(wrapped, names) {
					pass.Report(analysis.Diagnostic{Pos: d.Pos, End: d.End, Category: "ignore", Message: problem})
				}
			}
			return nil, nil
		},
	}
}

func (d *Directive) problems(wrapped []*analysis.Analyzer, names []string) []string {
	if len(d.Rules) == 0 {
		return []string{fmt.Sprintf("%s names no rule: write %s RULE reason", Prefix, Prefix)}
	}
	var found []string
	if d.Reason == "" {
		found = append(found, fmt.Sprintf("%s %s has no reason: say behind the rule why the finding is wrong here", Prefix, strings.Join(d.Rules, ",")))
	}
	for _, name := range d.Rules {
		runs := slices.ContainsFunc(wrapped, func(a *analysis.Analyzer) bool { return a.Name == name })
		switch {
		case !slices.Contains(names, name):
			found = append(found, fmt.Sprintf("%s names the rule %q, which does not exist: use one of %s", Prefix, name, strings.Join(names, ", ")))
		case runs && !d.used[name]:
			found = append(found, fmt.Sprintf("%s %s suppresses nothing: remove it", Prefix, name))
		}
	}
	return found
}
