package schedtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// Files of the distribution are edited by their declarations, which a patch names.

// span is a declaration's place in a file.
type span struct{ start, end, open, shut int }

func declarations(file string, text []byte) (map[string]span, *ast.File, *token.FileSet, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, nil, err
	}
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	found := map[string]span{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				continue
			}
			found[declName(d)] = span{at(d.Pos()), at(d.End()), at(d.Body.Lbrace), at(d.Body.Rbrace)}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				found["import"] = span{at(d.Pos()), at(d.End()), at(d.Lparen), at(d.Rparen)}
			}
			for _, s := range d.Specs {
				if t, ok := s.(*ast.TypeSpec); ok {
					if st, ok := t.Type.(*ast.StructType); ok {
						found["type "+t.Name.Name] = span{at(t.Pos()), at(t.End()), at(st.Fields.Opening), at(st.Fields.Closing)}
					}
				}
			}
		}
	}
	return found, f, fset, nil
}

// declName is "f", or "T.f" for a method of T or *T.
func declName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

// An edit replaces text[start:end].
type edit struct {
	start, end int
	text       string
}

func apply(file string, text []byte, ps []patch) ([]byte, error) {
	found, _, _, err := declarations(file, text)
	if err != nil {
		return nil, &AnchorError{File: file, Decl: ps[0].decl, Problem: unreadable + err.Error()}
	}
	var edits []edit
	for _, p := range ps {
		d, ok := found[p.decl]
		if !ok {
			return nil, &AnchorError{File: file, Decl: p.decl, Problem: "is missing"}
		}
		start, end := d.open, d.open+1
		switch {
		case p.anchor == "" && p.where == before:
			start, end = d.shut, d.shut+1
		case p.anchor != "":
			body := text[d.start:d.end]
			if n := bytes.Count(body, []byte(p.anchor)); n != 1 {
				return nil, &AnchorError{File: file, Decl: p.decl, Problem: fmt.Sprintf("has %d times, not once, the text %q", n, strings.TrimSpace(p.anchor))}
			}
			start = d.start + bytes.Index(body, []byte(p.anchor))
			end = start + len(p.anchor)
		}
		switch p.where {
		case before:
			end = start
		case after:
			start = end
		}
		edits = append(edits, edit{start, end, p.text})
	}
	return applyEdits(text, edits), nil
}

func applyEdits(text []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(text[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(text[at:])
	return out.Bytes()
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	name, _, _ := strings.Cut(declName(d), ".")
	return name
}
