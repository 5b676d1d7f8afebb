package parallel

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// external is a call of a function whose body is elsewhere.
func (t *Tree) external(f *Frame, site ssa.CallInstruction, c callee) {
	obj, _ := c.fn.Object().(*types.Func)
	if obj == nil && c.fn.Origin() != nil {
		obj, _ = c.fn.Origin().Object().(*types.Func)
	}
	name := api.Of(obj)
	call := site.Common()
	v := site.Value()
	if arg, ok := aliases[name]; ok && v != nil && arg < len(call.Args) {
		from := t.of(f, call.Args[arg])
		for _, r := range from.at("") {
			if r.Obj.Kind == Boxed {
				t.put(f, v, "", f.memory(r.Obj).part("dyn"))
			} else {
				t.putRef(f, v, r)
			}
		}
		return
	}
	if body := goroutine.ScopeBody(call); body != nil {
		t.followArgs(f, site, []ssa.Value{body})
		return
	}
	if callsArgs(name) {
		t.followArgs(f, site, call.Args)
	}
	t.result(f, site)
}

// followArgs follows the function values among args as if they were called
// at site.
func (t *Tree) followArgs(f *Frame, site ssa.CallInstruction, args []ssa.Value) {
	for _, a := range args {
		if _, isFunc := a.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		found, all := t.functions(f, a)
		for _, c := range found {
			if outside(c.fn) || parallelTest(c.fn) || !t.follow(f, site, c, nil) {
				all = false
			}
		}
		if !all {
			f.opaque[site] = true
		}
	}
}

// parallelTest tells whether fn, the body of a subtest, calls t.Parallel: it
// then runs on when the call of Run returns.
func parallelTest(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(*ssa.Call); ok && api.CalleeOf(&c.Call) == (api.Func{Pkg: "testing", Recv: "T", Name: "Parallel"}) {
				return true
			}
		}
	}
	return false
}

// aliases are functions whose result means the memory that an argument means.
var aliases = map[api.Func]int{
	{Pkg: "reflect", Name: "ValueOf"}:             0,
	{Pkg: "reflect", Name: "Indirect"}:            0,
	{Pkg: "reflect", Recv: "Value", Name: "Elem"}: 0,
	{Pkg: "unsafe", Name: "Slice"}:                0,
	{Pkg: "slices", Name: "Clip"}:                 0,
	{Pkg: "strings", Name: "Clone"}:               0,
	{Pkg: "context", Name: "WithoutCancel"}:       0,
}

// callsArgs tells whether the function calls the function values it gets
// itself, before it returns.
func callsArgs(f api.Func) bool {
	switch f.Pkg {
	case "sort", "slices", "strings", "bytes", "maps", "path/filepath", "io/fs", "testing/synctest", "internal/synctest":
		return true
	case "sync":
		return f.Recv == "Once" || f.Recv == "Map"
	case "testing":
		return f.Name == "Run" || f.Name == "AllocsPerRun"
	case api.Lock:
		return strings.HasPrefix(f.Name, "With") || f.Recv == "Once"
	case api.Cell:
		return strings.HasPrefix(f.Name, "With")
	}
	return false
}

// known tells whether an external function is understood well enough to say
// that it orders nothing: functions of the standard library that wait for
// nobody.
func known(f api.Func) bool {
	if !standard(f.Pkg) {
		return f.Pkg == api.Atomic || f.Pkg == api.Lock || f.Pkg == api.Thread || f.Pkg == api.Cell || f.Pkg == api.Arc || f.Pkg == api.Rc
	}
	switch f.Pkg {
	case "net", "os/exec", "os/signal", "database/sql", "plugin":
		return false
	case "io":
		return f.Recv != "PipeReader" && f.Recv != "PipeWriter" && !strings.HasPrefix(f.Name, "Copy") && !strings.HasPrefix(f.Name, "Read")
	case "os":
		return f.Recv != "File" && f.Recv != "Process" && f.Name != "Open" && f.Name != "ReadFile"
	case "bufio":
		return false
	case "testing":
		return f.Name != "Run"
	case "time":
		return f.Recv != "Timer" && f.Recv != "Ticker"
	case "testing/synctest", "internal/synctest":
		return f.Name != "Wait"
	}
	return !strings.HasPrefix(f.Pkg, "net/")
}

// standard tells whether a package belongs to the standard library, as far as
// its path tells.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return standardRoots[first]
}

var standardRoots = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`archive arena bufio builtin bytes cmp compress container context crypto
		database debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math
		mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text
		time unicode unique unsafe weak`) {
		m[name] = true
	}
	return m
}()

// keepsNothing tells whether the function that call calls neither keeps its
// arguments nor uses channels among them: the locks and groups of package
// sync, and what only reads.
func keepsNothing(call *ssa.CallCommon) bool {
	name := api.CalleeOf(call)
	switch name.Pkg {
	case "sync":
		return name.Recv != "Map" && name.Recv != "Pool"
	case "sync/atomic":
		return name.Recv != "Value" && name.Recv != "Pointer"
	case "fmt", "testing", "runtime", "time", "strings", "sort", "slices", "errors", "reflect", "strconv", "unsafe":
		return true
	}
	return name.Pkg == api.Thread || name.Pkg == api.Lock || name.Pkg == api.Atomic || harmless(call) || goroutine.IsJoin(call)
}
