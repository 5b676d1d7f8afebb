// Package buildssa is golang.org/x/tools/go/analysis/passes/buildssa, which
// takes time and memory that grow with the square of a switch: this one leaves
// out the bodies of functions for which that would be minutes and gigabytes.
package buildssa

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
)

// SSA is what Analyzer returns. A function that was left out is one without
// blocks, like one that is written in assembly.
type SSA = buildssa.SSA

// Analyzer builds the SSA of a package, for other analyzers.
var Analyzer = &analysis.Analyzer{
	Name:       "fearlessssa",
	Doc:        "build the SSA of a package, but of functions of outlandish size",
	Requires:   buildssa.Analyzer.Requires,
	Run:        run,
	ResultType: buildssa.Analyzer.ResultType,
}

// Limits on a function.
const (
	maxCases    = 8_000  // in one switch or select
	maxBranches = 30_000 // in all
)

func run(pass *analysis.Pass) (any, error) {
	fewer := *pass
	fewer.Files = nil
	for _, file := range pass.Files {
		fewer.Files = append(fewer.Files, without(file))
	}
	return buildssa.Analyzer.Run(&fewer)
}

// without is file, or a copy without the bodies of functions that are too large.
func without(file *ast.File) *ast.File {
	var kept *ast.File
	for i, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil || !tooLarge(fn.Body) {
			continue
		}
		if kept == nil {
			kept = new(*file)
			kept.Decls = append([]ast.Decl(nil), file.Decls...)
		}
		bodiless := *fn
		bodiless.Body = nil
		kept.Decls[i] = &bodiless
	}
	if kept == nil {
		return file
	}
	return kept
}

func tooLarge(body *ast.BlockStmt) bool {
	branches, widest := 0, 0
	choice := func(clauses *ast.BlockStmt) {
		cases := 0
		for _, clause := range clauses.List {
			cases++
			if c, ok := clause.(*ast.CaseClause); ok {
				cases += max(len(c.List)-1, 0)
			}
		}
		branches += cases
		widest = max(widest, cases)
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			branches++
		case *ast.SwitchStmt:
			choice(n.Body)
		case *ast.TypeSwitchStmt:
			choice(n.Body)
		case *ast.SelectStmt:
			choice(n.Body)
		}
		return true
	})
	return widest > maxCases || branches > maxBranches
}
