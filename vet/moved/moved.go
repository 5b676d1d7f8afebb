package moved

import (
	_ "embed"
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports uses of what has been used up.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	for _, fn := range prog.SrcFuncs {
		moves := borrow.Moves(fn)
		reported := map[token.Pos]bool{}
		for _, m := range moves {
			if m.Deferred {
				deferred(pass, m, moves, reported)
				continue
			}
			conditional := m.From != ssa.Instruction(m.Call)
			visit := func(instr ssa.Instruction) bool {
				if conditional && !m.From.Block().Dominates(instr.Block()) {
					return true // also reached where the call has failed
				}
				if what := use(instr, m); what != "" && !reported[instr.Pos()] {
					reported[instr.Pos()] = true
					report(pass, instr.Pos(), m, what+" here")
				}
				return true
			}
			if conditional {
				borrow.From(m.From, m.Owner.Assigns, visit)
			} else {
				borrow.After(m.From, m.Owner.Assigns, visit)
			}
		}
	}
	return nil, nil
}

func report(pass *analysis.Pass, pos token.Pos, m borrow.Move, what string) {
	pass.Report(analysis.Diagnostic{
		Pos: pos,
		Message: fmt.Sprintf("%s is %s after it was %s at %s",
			borrow.Noun(m.Func.Recv), what, borrow.Ended(m.Func), lockset.Position(pass, m.Call.Pos())),
		Related: []analysis.RelatedInformation{{Pos: m.Call.Pos(), Message: borrow.Ended(m.Func) + " here"}},
	})
}

// use says how instr uses what m has used up, or is "".
func use(instr ssa.Instruction, m borrow.Move) string {
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return ""
	}
	args := lockset.Args(site.Common())
	f := api.CalleeOf(site.Common())
	for i, arg := range args {
		if n := api.TypeOf(arg.Type()); n.Pkg != m.Func.Pkg || n.Name != m.Func.Recv || !borrow.Of(arg).Same(m.Owner) {
			continue
		}
		switch {
		case i > 0 || f.Pkg != m.Func.Pkg || f.Recv != m.Func.Recv:
			if joins(m.Func) {
				return "" // its result may be asked for elsewhere
			}
			return "passed on"
		case joins(m.Func):
			if f.Name == "Join" {
				return "joined again"
			}
			return ""
		case f.Name == "Unlock" || f.Name == "Release":
			return "" // the rule guard
		case f.Name == m.Func.Name:
			return borrow.Ended(f) + " again"
		default:
			return "used by " + f.Name
		}
	}
	return ""
}

func joins(f api.Func) bool { return strings.HasSuffix(f.Recv, "JoinHandle") }

// deferred reports a call that uses up what the deferred call m will use up again.
func deferred(pass *analysis.Pass, m borrow.Move, moves []borrow.Move, reported map[token.Pos]bool) {
	if m.Func.Name == "Unlock" || m.Func.Name == "Release" || joins(m.Func) {
		return
	}
	for _, other := range moves {
		if other.Deferred || !other.Owner.Same(m.Owner) || other.Func.Name == "Downgrade" {
			continue
		}
		borrow.After(m.From, m.Owner.Assigns, func(instr ssa.Instruction) bool {
			if instr == other.From && !reported[other.Call.Pos()] {
				reported[other.Call.Pos()] = true
				pass.Report(analysis.Diagnostic{
					Pos: other.Call.Pos(),
					Message: fmt.Sprintf("%s is %s here, and %s again by the call deferred at %s",
						borrow.Noun(m.Func.Recv), borrow.Ended(other.Func), borrow.Ended(m.Func), lockset.Position(pass, m.Call.Pos())),
					Related: []analysis.RelatedInformation{{Pos: m.Call.Pos(), Message: "deferred here"}},
				})
			}
			return true
		})
	}
}
