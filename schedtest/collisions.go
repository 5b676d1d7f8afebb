package schedtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// collisions refuses a distribution that has a name of ours.
func collisions(src, version string, files map[string][]byte) error {
	ours := map[string]map[string]bool{}
	for name := range added() {
		dir := filepath.ToSlash(filepath.Dir(name))
		if ours[dir] == nil {
			ours[dir] = map[string]bool{}
		}
		for _, n := range topLevel(files[name]) {
			ours[dir][n] = true
		}
	}
	for dir, names := range ours {
		entries, err := os.ReadDir(filepath.Join(src, filepath.FromSlash(dir)))
		if err != nil {
			return fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(dir), e.Name()))
			if err != nil {
				return fmt.Errorf("cannot read the Go distribution: %w", err)
			}
			for _, n := range topLevel(text) {
				if names[n] {
					return &AnchorError{version, dir + "/" + e.Name(), n, "is a name that the controlled run needs"}
				}
			}
		}
	}
	return nil
}

func topLevel(text []byte) (names []string) {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						if n.Name != "_" {
							names = append(names, n.Name)
						}
					}
				}
			}
		}
	}
	return names
}
