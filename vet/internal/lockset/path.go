package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Path names a lock by how the code reaches it: a root and the fields,
// elements and pointers that lead from it to the lock.
type Path struct {
	Root ssa.Value // a parameter, global, local variable or other value; nil if the instance is unknown
	sel  string    // selectors, as ".field", "*", "[index]" and "(type)"
	head string    // the root as the user would write it
	tail string    // the rest as the user would write it

	// Class names all instances of the lock alike: the named struct type and
	// the fields from there, or the variable. It is "" if neither is known.
	Class string

	index []ssa.Value // values of variable indexes in sel
}

// String returns the path as the user would write it, such as "s.mu".
func (p Path) String() string {
	head := p.head
	if name := AssignedName(p.Root); name != "" {
		head = name
	}
	if head+p.tail == "" {
		return "the lock"
	}
	return strings.TrimPrefix(head+p.tail, ".")
}

// ClassName returns the class as code in the package pkg would write it.
func (p Path) ClassName(pkg *types.Package) string {
	class := strings.TrimPrefix(p.Class, pkg.Path()+".")
	for _, embedded := range []string{".Mutex", ".RWMutex"} {
		class = strings.TrimSuffix(class, embedded)
	}
	return shortClass(class)
}

func shortClass(class string) string {
	class, _, _ = strings.Cut(class, "@")
	if i := strings.LastIndex(class, "/"); i >= 0 {
		class = class[i+1:]
	}
	return class
}

// Same reports whether p and q name the same lock for certain.
func (p Path) Same(q Path) bool {
	return p.Root != nil && p.Root == q.Root && p.sel == q.sel
}

// Known reports whether the instance that p names is known.
func (p Path) Known() bool { return p.Root != nil }

// MayBe reports whether p and q can name the same lock.
func (p Path) MayBe(q Path) bool {
	return p.Class == q.Class || p.Class == "" || q.Class == ""
}

// HasElement reports whether p leads through an element of a slice, array or map.
func (p Path) HasElement() bool { return strings.Contains(p.sel, "[") }

func (p Path) key() string {
	if p.Root == nil {
		return "?" + p.Class
	}
	return rootKey(p.Root) + p.sel
}

func rootKey(v ssa.Value) string {
	if a, ok := v.(argument); ok {
		return a.String()
	}
	return ptr(v)
}

// dependsOn reports whether a new value for v makes p name another lock.
func (p Path) dependsOn(v ssa.Value) bool {
	if p.Root == v {
		return true
	}
	for _, i := range p.index {
		if i == v {
			return true
		}
	}
	return false
}

// field returns the path to field i of the struct that p names.
func (p Path) field(t types.Type, i int) Path {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return Path{}
	}
	f := st.Field(i)
	p.sel += "." + f.Name()
	if name := typeName(t); name != "" && name != "sync.Cond" {
		p.Class = name + "." + f.Name()
	} else if p.Class != "" {
		p.Class += "." + f.Name()
	}
	if !f.Embedded() {
		p.tail += "." + f.Name()
	}
	return p
}

func typeName(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	obj := named.Origin().Obj()
	if obj.Pkg() == nil {
		return obj.Name()
	}
	if obj.Parent() != obj.Pkg().Scope() { // declared in a function
		return fmt.Sprintf("%s.%s@%d", obj.Pkg().Path(), obj.Name(), obj.Pos())
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// maxDepth bounds the length of a path, against cycles of phis.
const maxDepth = 24

// Resolve returns the path of the object that v points to or is.
func Resolve(v ssa.Value) Path { return resolve(v, maxDepth) }

func resolve(v ssa.Value, depth int) Path {
	if depth == 0 {
		return Path{}
	}
	depth--
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return resolve(v.X, depth).field(v.X.Type(), v.Field)
	case *ssa.Field:
		return resolve(v.X, depth).field(v.X.Type(), v.Field)
	case *ssa.IndexAddr:
		return resolve(v.X, depth).element(v.Index)
	case *ssa.Index:
		return resolve(v.X, depth).element(v.Index)
	case *ssa.Lookup:
		return resolve(v.X, depth).element(v.Index)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if s := OnlyStore(v.X); s != nil {
			p := resolve(s, depth)
			if alloc, ok := p.Root.(*ssa.Alloc); ok && p.sel == "" && alloc == s {
				p.head = valueName(v.X)
			}
			return p
		}
		p := resolve(v.X, depth)
		if p.Root == nil {
			return p
		}
		p.sel += "*"
		return p
	case *ssa.FreeVar:
		if b := Binding(v); b != nil {
			return resolve(b, depth)
		}
	case *ssa.ChangeType:
		return resolve(v.X, depth)
	case *ssa.MakeInterface:
		return resolve(v.X, depth)
	case *ssa.ChangeInterface:
		return resolve(v.X, depth)
	case *ssa.Slice:
		return resolve(v.X, depth)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return resolve(v.X, depth).as(v.AssertedType)
		}
	case *ssa.Extract:
		if t, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return resolve(t.X, depth).as(t.AssertedType)
		}
		if t, ok := v.Tuple.(*ssa.Lookup); ok && v.Index == 0 {
			return resolve(t.X, depth).element(t.Index)
		}
	case *ssa.Phi:
		first := resolve(v.Edges[0], depth/2)
		same := first.Root != nil
		for _, e := range v.Edges[1:] {
			same = same && first.Same(resolve(e, depth/2))
		}
		if same {
			return first
		}
	case *ssa.Call:
		if api.CalleeOf(&v.Call) == rlocker {
			return resolve(Args(&v.Call)[0], depth)
		}
		if p, ok := accessor(v, depth); ok {
			return p
		}
	}
	return root(v)
}

// as returns the path to the dynamic value of the interface value p, of type t.
func (p Path) as(t types.Type) Path {
	if _, ok := t.Underlying().(*types.Interface); !ok && p.Root != nil {
		p.sel += "(" + types.TypeString(t, nil) + ")"
	}
	return p
}

// element returns the path to the element of the slice, array or map p at index i.
func (p Path) element(i ssa.Value) Path {
	if c, ok := i.(*ssa.Const); ok {
		p.sel += "[" + c.Name() + "]"
	} else {
		p.sel += "[" + ptr(i) + "]"
		p.index = append(p.index[:len(p.index):len(p.index)], i)
	}
	p.tail += "[" + valueName(i) + "]"
	if p.Class != "" {
		p.Class += "[]"
	}
	return p
}

// root returns the path that consists of v alone.
func root(v ssa.Value) Path {
	p := Path{Root: v, head: valueName(v)}
	switch v := v.(type) {
	case *ssa.Global:
		p.Class = v.Pkg.Pkg.Path() + "." + v.Name()
	case *ssa.Alloc:
		p.Class = p.head + "@" + strconv.Itoa(int(v.Pos()))
	case *ssa.Const:
		return Path{}
	}
	return p
}

// accessor resolves a call of a function that only returns a part of what it
// is given, such as func (s *S) lock() *sync.Mutex { return &s.mu }.
func accessor(call *ssa.Call, depth int) (Path, bool) {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return Path{}, false
	}
	fn = origin(fn)
	if len(fn.Blocks) != 1 || depth < 4 {
		return Path{}, false
	}
	instrs := fn.Blocks[0].Instrs
	ret, ok := instrs[len(instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) != 1 {
		return Path{}, false
	}
	p := resolve(ret.Results[0], depth/2)
	if p.Root == nil {
		return Path{}, false
	}
	if _, ok := p.Root.(*ssa.Global); ok {
		return p, true
	}
	for i, param := range fn.Params {
		if p.Root == param && i < len(call.Call.Args) {
			return p.rebase(resolve(call.Call.Args[i], depth/2)), true
		}
	}
	return Path{}, false
}

// rebase returns the path that p is when its root is the object at base.
func (p Path) rebase(base Path) Path {
	q := base
	if base.Root == nil {
		return Path{Class: p.Class}
	}
	q.sel += p.sel
	q.tail += p.tail
	q.index = append(base.index[:len(base.index):len(base.index)], p.index...)
	if p.Class != "" {
		q.Class = p.Class
	} else if i := strings.TrimLeft(p.sel, "*"); i != "" {
		q.Class = ""
	}
	return q
}

func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// Exported reports whether other packages can reach the lock that p names:
// through an exported variable, or exported or embedded fields of an exported type.
func (p Path) Exported() bool {
	class, _, local := strings.Cut(p.Class, "@")
	if local || class == "" {
		return false
	}
	if i := strings.LastIndex(class, "/"); i >= 0 {
		class = class[i+1:]
	}
	for _, part := range strings.Split(class, ".")[1:] {
		if !token.IsExported(part) {
			return false
		}
	}
	return true
}

// ResolveVariable returns the path of what the variable at addr holds.
func ResolveVariable(addr ssa.Value) Path {
	if s := OnlyStore(addr); s != nil {
		return Resolve(s)
	}
	p := Resolve(addr)
	if p.Root != nil {
		p.sel += "*"
	}
	return p
}

// Assigns reports whether instr gives p, or what it depends on, a new value.
func (p Path) Assigns(instr ssa.Instruction) bool {
	if v, ok := instr.(ssa.Value); ok && p.dependsOn(v) {
		return true
	}
	st, ok := instr.(*ssa.Store)
	if !ok {
		return false
	}
	q := Resolve(st.Addr)
	return q.Root != nil && q.Root == p.Root && strings.HasPrefix(p.sel, q.sel+"*")
}

// Sibling reports whether p names another field of the struct that holds the
// lock q, or a part of such a field.
func (p Path) Sibling(q Path) bool {
	i := strings.LastIndex(q.sel, ".")
	return p.Root != nil && p.Root == q.Root && i >= 0 && strings.HasPrefix(p.sel, q.sel[:i+1]) && !strings.HasPrefix(p.sel, q.sel)
}

// In returns the path that p, which begins with a parameter, is in a call
// whose argument for that parameter is at base.
func (p Path) In(base Path) Path { return p.rebase(base) }

// Inside reports whether p is a part of what q names.
func (p Path) Inside(q Path) bool {
	return p.Root != nil && p.Root == q.Root && strings.HasPrefix(p.sel, q.sel+".")
}
