package sendsync

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// OptIn is the fact that a type's own package says that it is Send or Sync,
// whatever it holds: "//fearless:unsafe send reason" over its declaration.
type OptIn struct{ Send, Sync bool }

// AFact marks OptIn as a fact.
func (*OptIn) AFact() {}

// Analyzer finds the opt-ins of a package and results in a *Types.
var Analyzer = &analysis.Analyzer{
	Name:       "sendsync",
	Doc:        "derive which types are Send and Sync, for other analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*Types](),
	FactTypes:  []analysis.Fact{new(OptIn)},
}

// Directive opens an opt-in.
const Directive = "//fearless:unsafe"

func run(pass *analysis.Pass) (any, error) {
	own := map[*types.TypeName]*OptIn{}
	for _, f := range pass.Files {
		for _, decl := range f.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				ts, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				opt := read(gen.Doc, ts.Doc)
				obj, ok := pass.TypesInfo.Defs[ts.Name].(*types.TypeName)
				if opt == nil || !ok {
					continue
				}
				own[obj] = opt
				pass.ExportObjectFact(obj, opt)
			}
		}
	}
	return &Types{optIn: func(obj *types.TypeName, t Trait) bool {
		opt := own[obj]
		if opt == nil && obj.Pkg() != nil && obj.Pkg() != pass.Pkg {
			opt = new(OptIn)
			pass.ImportObjectFact(obj, opt)
		}
		return opt != nil && (t == Send && opt.Send || t == Sync && opt.Sync)
	}}, nil
}

// read parses the opt-ins among doc comments. One without a reason does not
// count, as one cannot tell whether it is meant.
func read(docs ...*ast.CommentGroup) *OptIn {
	var opt OptIn
	for _, doc := range docs {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			rest, ok := strings.CutPrefix(c.Text, Directive+" ")
			words := strings.Fields(rest)
			if !ok || len(words) < 2 {
				continue
			}
			for _, trait := range strings.Split(words[0], ",") {
				opt.Send = opt.Send || trait == "send"
				opt.Sync = opt.Sync || trait == "sync"
			}
		}
	}
	if opt == (OptIn{}) {
		return nil
	}
	return &opt
}
