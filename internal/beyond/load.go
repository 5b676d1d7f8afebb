package beyond

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/fearless-go/fearless/"

// library holds the packages of this module that the model sees through: what
// they do inside is theirs.
var library = [...]string{"atomic", "thread", "lock", "arc", "rc", "cell", "marker", "model", "linear", "internal/"}

func inLibrary(path string) bool {
	rest, ok := strings.CutPrefix(path, module)
	return ok && slices.ContainsFunc(library[:], func(p string) bool {
		return rest == p || strings.HasPrefix(rest, strings.TrimSuffix(p, "/")+"/")
	})
}

// A listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export, ForTest string
	GoFiles, CgoFiles                []string
	Standard                         bool
	ImportMap                        map[string]string
}

// path is the import path without the test that the package is built for.
func (l *listed) path() string {
	path, _, _ := strings.Cut(l.ImportPath, " ")
	return path
}

// A loader has the packages of a test: those of users as source, the standard
// library and this one as the compiler left their types.
type loader struct {
	fset     *token.FileSet
	packages map[string]*listed // by ImportPath
	sources  map[string]*source // by ImportPath
	exported types.Importer
	funcs    map[string]*function // by name, as in types.Func.FullName
}

// A source is a package that was read.
type source struct {
	listed *listed
	files  []*ast.File
	types  *types.Package
	info   types.Info
}

// A function is a declared one.
type function struct {
	of   *source
	decl *ast.FuncDecl
}

// list asks the go command for the packages of the test in dir.
func list(dir string) (*loader, error) {
	args := []string{"list", "-e", "-deps", "-test", "-export", "-json=ImportPath,Dir,Export,ForTest,GoFiles,CgoFiles,Standard,ImportMap"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-tags" || s.Key == "-race" && s.Value == "true" {
				args = append(args, s.Key+"="+s.Value)
			}
		}
	}
	cmd := exec.Command("go", append(args, ".")...)
	cmd.Dir = dir
	var errText bytes.Buffer
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w %s", err, strings.TrimSpace(errText.String()))
	}
	l := &loader{
		fset: token.NewFileSet(), packages: make(map[string]*listed), sources: make(map[string]*source), funcs: make(map[string]*function),
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := d.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		l.packages[p.ImportPath] = p
	}
	l.exported = importer.ForCompiler(l.fset, "gc", l.open)
	return l, nil
}

// open is the types of a package as the compiler left them.
func (l *loader) open(path string) (io.ReadCloser, error) {
	if p := l.packages[path]; p != nil && p.Export != "" {
		return os.Open(p.Export)
	}
	return nil, errors.New("nothing was compiled for " + path)
}

// holding is the package with that path that has the file; "" is any.
func (l *loader) holding(path, file string) *source {
	for id, p := range l.packages {
		has := file == "" || slices.Contains(p.GoFiles, file) || slices.Contains(p.CgoFiles, file)
		if p.path() == path && has && (p.ForTest != "" || !l.hasVariant(path)) {
			return l.read(id)
		}
	}
	return nil
}

func (l *loader) hasVariant(path string) bool {
	for _, p := range l.packages {
		if p.ForTest != "" && p.path() == path {
			return true
		}
	}
	return false
}

// read parses and checks the package. Mistakes leave holes in what is known of it.
func (l *loader) read(id string) *source {
	if s := l.sources[id]; s != nil {
		return s
	}
	p := l.packages[id]
	s := &source{listed: p, info: types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
	}}
	l.sources[id] = s
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		if file, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution); file != nil && (err == nil || len(file.Decls) > 0) {
			s.files = append(s.files, file)
		}
	}
	config := types.Config{Importer: importing{l, p}, FakeImportC: true, Error: func(error) {}}
	s.types, _ = config.Check(p.path(), l.fset, s.files, &s.info)
	for _, file := range s.files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn, ok := s.info.Defs[decl.Name].(*types.Func); ok {
					l.funcs[fn.FullName()] = &function{s, decl}
				}
			}
		}
	}
	return s
}

// importing imports for one package.
type importing struct {
	l  *loader
	by *listed
}

func (i importing) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	id := path
	if other, ok := i.by.ImportMap[path]; ok {
		id = other
	}
	p := i.l.packages[id]
	if p == nil {
		return nil, errors.New(path + " is not listed")
	}
	if p.Standard || inLibrary(p.path()) && p.ForTest == "" {
		return i.l.exported.Import(p.ImportPath)
	}
	s := i.l.read(id)
	if s.types == nil {
		return nil, errors.New(path + " cannot be read")
	}
	return s.types, nil
}

// standardRoot is the folder of the standard library's source in the paths of
// this build, or "" if they are trimmed.
var standardRoot = func() string {
	f := runtime.FuncForPC(reflect.ValueOf(runtime.GC).Pointer())
	file, _ := f.FileLine(f.Entry())
	root, _, ok := strings.Cut(filepath.ToSlash(file), "/runtime/")
	if !ok || !filepath.IsAbs(file) {
		return ""
	}
	return root
}()

// innocent reports whether no file in the folder of a package can do anything
// beyond the model, in a glance: none has go or a channel, or imports sync or
// sync/atomic, or a package that may, or writes a variable of the package.
func innocent(folder string) bool {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 || standardRoot == "" {
		return false
	}
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil || !innocentImports(file) {
			return false
		}
		guilty := false
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.ChanType, *ast.SendStmt, *ast.SelectStmt:
				guilty = true
			case *ast.UnaryExpr:
				guilty = guilty || n.Op == token.ARROW
			}
			return !guilty
		})
		if guilty {
			return false
		}
		files = append(files, file)
	}
	return !writesGlobals(files)
}

func innocentImports(file *ast.File) bool {
	for _, i := range file.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		switch {
		case err != nil, path == "sync", path == "sync/atomic":
			return false
		case inLibrary(path):
			continue
		}
		if info, err := os.Stat(filepath.Join(standardRoot, filepath.FromSlash(path))); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}
