package schedtest

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sync/atomic has so many functions that are alike that its patches are made here, not listed.

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
