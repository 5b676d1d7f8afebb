package leak

import (
	_ "embed"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports goroutines that wait on a channel for good.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, lockset.Analyzer, closed.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	r := &reporter{pass: pass, prog: prog, at: map[token.Pos]bool{}}
	for _, fn := range prog.SrcFuncs {
		chans := chanflow.Locals(fn, prog, starts)
		for _, c := range chans {
			r.alone(c)
			r.unserved(c, chans)
			r.unsent(c)
			r.pool(c)
		}
	}
	fields := chanflow.Fields(prog, starts)
	r.fields(fields)
	for _, f := range fields {
		r.ended(f, pass.ResultOf[lockset.Analyzer].(*lockset.Result))
	}
	r.outlives(fields)
	r.uncancelled(prog)
	r.stuck(pass.ResultOf[closed.Analyzer].(*closed.Result))
	return nil, nil
}

// A reporter reports each place once.
type reporter struct {
	pass *analysis.Pass
	prog *buildssa.SSA
	at   map[token.Pos]bool
}

func (r *reporter) report(d analysis.Diagnostic) {
	if d.Pos.IsValid() && !r.at[d.Pos] {
		r.at[d.Pos] = true
		r.pass.Report(d)
	}
}

// program reports whether fn returns only when the program, or the test, is over.
func program(fn *ssa.Function) bool {
	for outer := fn; outer != nil; outer = outer.Parent() {
		for _, p := range outer.Params {
			if t := api.TypeOf(p.Type()); t.Pkg == "testing" && strings.Contains("T B F M TB", t.Name) {
				return true
			}
		}
	}
	return fn.Parent() == nil && fn.Signature.Recv() == nil &&
		(fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" || strings.HasPrefix(fn.Name(), "init"))
}

// position is where ret stands: a function may end without a return statement.
func position(ret ssa.Instruction) token.Pos {
	if ret.Pos().IsValid() {
		return ret.Pos()
	}
	if syntax := ret.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return token.NoPos
}

// buffer is the fix that gives the channel that m makes room for n elements.
func (r *reporter) buffer(m *ssa.MakeChan, n int) []analysis.SuggestedFix {
	for _, file := range r.pass.Files {
		if file.FileStart > m.Pos() || m.Pos() >= file.FileEnd {
			continue
		}
		var call *ast.CallExpr
		ast.Inspect(file, func(node ast.Node) bool {
			if c, ok := node.(*ast.CallExpr); ok && c.Lparen == m.Pos() {
				call = c
			}
			return call == nil
		})
		if call == nil || len(call.Args) != 1 {
			return nil
		}
		return []analysis.SuggestedFix{{
			Message:   "make room for what is sent",
			TextEdits: []analysis.TextEdit{{Pos: call.Args[0].End(), End: call.Rparen, NewText: []byte(", " + string(rune('0'+n)))}},
		}}
	}
	return nil
}
