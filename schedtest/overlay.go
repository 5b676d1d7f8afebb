package schedtest

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/version"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/internal/atomicfile"
)

//go:embed all:_goroot strategy/*.go dpor/*.go
var sources embed.FS

// An AnchorError reports a declaration of the installed Go distribution that
// is not as this version of fearless knows it.
type AnchorError struct {
	Version string // as in "go1.26.8"
	File    string // below GOROOT/src
	Decl    string // the function or type
	Problem string
}

func (e *AnchorError) Error() string {
	if strings.HasPrefix(e.Problem, unreadable) && version.Compare(e.Version, runtime.Version()) > 0 {
		return fmt.Sprintf("%s cannot be read by a fearless built with %s: build it with %s (%s of %s %s)", e.Version, runtime.Version(), e.Version, e.Decl, e.File, e.Problem)
	}
	return fmt.Sprintf("%s is not supported: %s of %s %s; use Go 1.26 or 1.27, or a newer fearless", e.Version, e.Decl, e.File, e.Problem)
}

// unreadable begins the Problem of a file that this fearless cannot parse.
const unreadable = "cannot be read: "

// added lists the files of _goroot and of packages strategy and dpor that join a package
// of the distribution: their path there, and here.
func added() map[string]string {
	out := map[string]string{}
	fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		dir, file := path.Split(name)
		switch {
		case d.IsDir() || strings.HasSuffix(name, "_test.go"):
		case dir == "strategy/" || dir == "dpor/":
			out["runtime/fearless_"+strings.ReplaceAll(name, "/", "_")] = name
		default:
			dir = strings.TrimPrefix(dir, "_goroot/")
			out[dir+"fearless_"+file] = name
		}
		return nil
	})
	return out
}

// patchedGoroots are the results of patchGoroot, by its arguments: a distribution
// does not change while a process runs, and to read it takes longer than many a test.
var patchedGoroots sync.Map

func patched(goroot, version string) (map[string][]byte, error) {
	key := [2]string{goroot, version}
	if std, ok := patchedGoroots.Load(key); ok {
		return std.(map[string][]byte), nil
	}
	std, err := patchGoroot(goroot, version)
	if err == nil {
		patchedGoroots.Store(key, std)
	}
	return std, err
}

// patchGoroot returns the changed and added files of the distribution at
// goroot, by their path below GOROOT/src.
func patchGoroot(goroot, version string) (map[string][]byte, error) {
	src := filepath.Join(goroot, "src")
	files := map[string][]byte{}
	byFile := map[string][]patch{}
	for _, p := range patches {
		byFile[p.file] = append(byFile[p.file], p)
	}
	for file, ps := range byFile {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(file)))
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, &AnchorError{version, file, ps[0].decl, "is missing"}
			}
			return nil, fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		out, err := apply(file, text, ps)
		if err != nil {
			if e, ok := errors.AsType[*AnchorError](err); ok {
				e.Version = version
			}
			return nil, err
		}
		files[file] = out
	}
	if err := patchAtomic(src, version, files); err != nil {
		return nil, err
	}
	if err := patchRace(src, version, files); err != nil {
		return nil, err
	}
	for name, from := range added() {
		text, err := sources.ReadFile(from)
		if err != nil {
			return nil, err
		}
		if dir, _, _ := strings.Cut(from, "/"); dir != "_goroot" {
			clause := []byte("\npackage " + dir + "\n")
			text = bytes.Replace(append([]byte("\n"), text...), clause, []byte("\npackage runtime\n"), 1)
		}
		if name == "sync/atomic/fearless_point.go" {
			text = append(text, files["sync/atomic/"]...)
		}
		files[name] = text
	}
	delete(files, "sync/atomic/")
	return files, collisions(src, version, files)
}

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

// atomicPoint is the scheduling point for a function of sync/atomic, or for a
// method of the type receiver, on what the parameter addr points to.
func atomicPoint(name, addr, receiver string) string {
	old := "uint64(old)"
	if strings.HasPrefix(name, "Swap") && receiver != "Value" {
		new := "uint64(new)"
		switch {
		case receiver == "Bool":
			new = "uint64(b32(new))"
		case receiver == "Pointer" || strings.HasSuffix(name, "Pointer"):
			new = "uint64(uintptr(unsafe.Pointer(new)))"
		}
		return fmt.Sprintf("fearlessExchange(unsafe.Pointer(%s), uint8(unsafe.Sizeof(*%s)), %s)", addr, addr, new)
	}
	switch {
	case strings.HasPrefix(name, "Load"):
		return fmt.Sprintf("fearlessWord(fearlessRead, unsafe.Pointer(%s), uint8(unsafe.Sizeof(*%s)))", addr, addr)
	case !strings.HasPrefix(name, "CompareAndSwap") || receiver == "Value":
		return fmt.Sprintf("fearlessWord(fearlessWrite, unsafe.Pointer(%s), uint8(unsafe.Sizeof(*%s)))", addr, addr)
	case receiver == "Bool":
		old = "uint64(b32(old))"
	case receiver == "Pointer" || strings.HasSuffix(name, "Pointer"):
		old = "uint64(uintptr(unsafe.Pointer(old)))"
	}
	return fmt.Sprintf("fearlessCompare(unsafe.Pointer(%s), uint8(unsafe.Sizeof(*%s)), %s)", addr, addr, old)
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	name, _, _ := strings.Cut(declName(d), ".")
	return name
}

// directPrefix stands before the name of each function of sync/atomic in the
// copy that has a scheduling point. The plain ones are compiler intrinsics
// that the runtime, too, is built on.
const directPrefix = "Fearless"

// patchAtomic gives each method of sync/atomic's types a scheduling point, and
// each function a twin with one, for direct.go to call.
func patchAtomic(src, version string, files map[string][]byte) error {
	for _, file := range []string{"sync/atomic/type.go", "sync/atomic/value.go"} {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(file)))
		if err != nil {
			return fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		_, f, fset, err := declarations(file, text)
		if err != nil {
			return &AnchorError{version, file, "package atomic", unreadable + err.Error()}
		}
		var edits []edit
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() || fn.Body == nil || len(fn.Recv.List[0].Names) != 1 {
				continue
			}
			open := fset.Position(fn.Body.Lbrace).Offset + 1
			edits = append(edits, edit{open, open, " " + atomicPoint(fn.Name.Name, fn.Recv.List[0].Names[0].Name, receiver(fn)) + ";"})
		}
		if len(edits) < 4 {
			return &AnchorError{version, file, "package atomic", "has no methods"}
		}
		files[file] = applyEdits(text, edits)
	}
	var twins bytes.Buffer
	for _, file := range []string{"sync/atomic/doc.go", "sync/atomic/doc_64.go"} {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(file)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
		if err != nil {
			return &AnchorError{version, file, "package atomic", unreadable + err.Error()}
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !fn.Name.IsExported() {
				continue
			}
			var args []string
			for _, field := range fn.Type.Params.List {
				for _, n := range field.Names {
					args = append(args, n.Name)
				}
			}
			signature := string(text[fset.Position(fn.Type.Params.Pos()).Offset:fset.Position(fn.Type.End()).Offset])
			result := ""
			if fn.Type.Results != nil {
				result = "return "
			}
			fmt.Fprintf(&twins, "\nfunc %s%s%s {\n\t%s\n\t%s%s(%s)\n}\n",
				directPrefix, fn.Name.Name, signature, atomicPoint(fn.Name.Name, "addr", ""), result, fn.Name.Name, strings.Join(args, ", "))
		}
	}
	files["sync/atomic/"] = twins.Bytes()
	return nil
}

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

// overlayFile is the format of go build's -overlay.
type overlayFile struct{ Replace map[string]string }

// writeOverlay writes the files of the distribution, and more (by the absolute
// path each replaces), below dir, and an overlay file that names them all. It
// returns that file's path.
func writeOverlay(dir, goroot string, std map[string][]byte, more map[string][]byte, theirs map[string]string) (string, error) {
	o := overlayFile{Replace: maps.Clone(theirs)}
	if o.Replace == nil {
		o.Replace = map[string]string{}
	}
	put := func(target string, text []byte) error {
		sum := sha256.Sum256(text)
		name := filepath.Join(dir, "files", hex.EncodeToString(sum[:10])+".go")
		if old, ok := o.Replace[target]; ok {
			return fmt.Errorf("the -overlay in GOFLAGS replaces %s by %s, which fearless must change itself: leave that file out of it", target, old)
		}
		o.Replace[target] = name
		return writeOnce(name, text)
	}
	for _, name := range slices.Sorted(maps.Keys(std)) {
		if err := put(filepath.Join(goroot, "src", filepath.FromSlash(name)), std[name]); err != nil {
			return "", err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if err := put(name, more[name]); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	name := filepath.Join(dir, "overlays", hex.EncodeToString(sum[:10])+".json")
	return name, writeOnce(name, text)
}

// writeOnce writes text to name unless it is there. Several processes may do so at once.
func writeOnce(name string, text []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := atomicfile.Write(name, text); err != nil {
		return fmt.Errorf("cannot write the overlay: %w", err)
	}
	return nil
}
