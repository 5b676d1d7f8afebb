package parallel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// writesNamedFile tells whether call writes to an *os.File that the tree has
// opened by its name. Such a write waits for nobody, unless the name is that of
// a named pipe or a terminal: that goroutines of one program wait for each other
// to read from one of these is not seen. Who reads the file may learn from it.
func (t *Tree) writesNamedFile(f *Frame, call *ssa.CallCommon, name api.Func) bool {
	if name.Pkg != "os" || name.Recv != "File" || len(call.Args) == 0 {
		return false
	}
	if !slices.Contains([]string{"Write", "WriteString", "WriteAt", "Sync", "Close"}, name.Name) {
		return false
	}
	files := t.of(f, call.Args[0]).at("")
	return len(files) > 0 && !slices.ContainsFunc(files, func(r Ref) bool {
		opened, ok := r.Obj.Instr.(*ssa.Call)
		if !ok {
			return true
		}
		by := api.CalleeOf(&opened.Call)
		return by.Pkg != "os" || by.Recv != "" || !slices.Contains([]string{"Open", "OpenFile", "Create", "CreateTemp"}, by.Name)
	})
}
