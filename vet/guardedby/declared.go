package guardedby

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A guard is the lock that a comment names.
type guard struct {
	guarding.Guard
	at token.Pos
}

// declared are the guarded fields and variables of the package. It reports the
// comments that name no lock, or stand where there is nothing to guard.
func declared(pass *analysis.Pass) map[*types.Var]guard {
	found := map[*types.Var]guard{}
	for _, file := range pass.Files {
		used := map[*ast.Comment]bool{}
		add := func(names []*ast.Ident, find func(name string) (*types.Var, int), where string, docs ...*ast.CommentGroup) {
			comment, name := directive(docs...)
			if comment == nil {
				return
			}
			used[comment] = true
			lock, i := find(name)
			switch {
			case name == "":
				pass.Reportf(comment.Pos(), "%s names no lock: write %s mu", lockset.GuardedBy, lockset.GuardedBy)
			case lock == nil:
				pass.Reportf(comment.Pos(), "%s names %s, but there is none %s: name a lock that stands there", lockset.GuardedBy, name, where)
			case !lockset.IsLock(lock.Type()):
				pass.Reportf(comment.Pos(), "%s names %s, which is no lock but a %s: name one with Lock and Unlock", lockset.GuardedBy, name, types.TypeString(lock.Type(), types.RelativeTo(pass.Pkg)))
			default:
				for _, id := range names {
					if v, ok := pass.TypesInfo.Defs[id].(*types.Var); ok {
						found[v.Origin()] = guard{guarding.Guard{Lock: lock, Index: i}, comment.Pos()}
					}
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if st, ok := n.(*ast.StructType); ok {
				t, _ := pass.TypesInfo.TypeOf(st).(*types.Struct)
				for _, field := range st.Fields.List {
					add(field.Names, func(name string) (*types.Var, int) { return fieldNamed(t, name) }, "among the fields of the struct", field.Doc, field.Comment)
				}
			}
			return true
		})
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				vs := spec.(*ast.ValueSpec)
				docs := []*ast.CommentGroup{vs.Doc, vs.Comment}
				if len(gen.Specs) == 1 {
					docs = append(docs, gen.Doc)
				}
				add(vs.Names, func(name string) (*types.Var, int) {
					v, _ := pass.Pkg.Scope().Lookup(name).(*types.Var)
					return v, 0
				}, "among the package's variables", docs...)
			}
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if _, ok := named(c); ok && !used[c] {
					pass.Reportf(c.Pos(), "%s guards nothing here: write it behind or above a field of a struct or a package variable", lockset.GuardedBy)
				}
			}
		}
	}
	return found
}

// directive is the comment among docs that names a lock, and the name.
func directive(docs ...*ast.CommentGroup) (*ast.Comment, string) {
	for _, doc := range docs {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			if name, ok := named(c); ok {
				return c, name
			}
		}
	}
	return nil, ""
}

// named is the name in c, if c says what guards something. Words behind it are
// for people.
func named(c *ast.Comment) (name string, ok bool) {
	rest, ok := strings.CutPrefix(c.Text, lockset.GuardedBy)
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return "", false
	}
	rest, _, _ = strings.Cut(rest, "//")
	if words := strings.Fields(rest); len(words) > 0 {
		return words[0], true
	}
	return "", true
}

func fieldNamed(t *types.Struct, name string) (*types.Var, int) {
	for i := range t.NumFields() {
		if t.Field(i).Name() == name {
			return t.Field(i), i
		}
	}
	return nil, 0
}
