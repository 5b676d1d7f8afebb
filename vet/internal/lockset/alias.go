package lockset

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// An aliasOf is the lock behind the field L of a condition variable.
type aliasOf struct {
	sel, class, tail string // from the object that holds the condition variable
	shared           bool   // it is the RLocker of an RWMutex
	conflict         bool   // other assignments say otherwise
}

// findAliases notes assignments such as x.cond = sync.NewCond(&x.mu): from
// then on, x.cond.L is x.mu.
func (c *computation) findAliases() {
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				to, ok := st.Addr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				var arg ssa.Value
				cond := Resolve(to)
				switch v := st.Val.(type) {
				case *ssa.Call: // x.cond = sync.NewCond(l)
					if api.CalleeOf(&v.Call) != (api.Func{Pkg: "sync", Name: "NewCond"}) {
						continue
					}
					arg = v.Call.Args[0]
					cond.sel += "*"
				default: // x.cond.L = l
					if api.TypeOf(to.X.Type()) != (api.Type{Pkg: "sync", Name: "Cond"}) || !strings.HasSuffix(cond.sel, ".L") {
						continue
					}
					arg = v
					cond.sel = strings.TrimSuffix(cond.sel, ".L")
					cond.Class = strings.TrimSuffix(cond.Class, ".L")
				}
				c.addAlias(cond, arg)
			}
		}
	}
}

func (c *computation) addAlias(cond Path, locker ssa.Value) {
	if cond.Root == nil || cond.Class == "" || !strings.Contains(cond.sel, ".") {
		return
	}
	a := aliasOf{}
	if call, ok := unwrap(locker).(*ssa.Call); ok {
		if api.CalleeOf(&call.Call) != rlocker {
			return
		}
		a.shared = true
		locker = call.Call.Args[0]
	}
	lock := Resolve(locker)
	field := lastField(cond.sel)
	if lock.Root != cond.Root || !strings.HasPrefix(lock.sel, strings.TrimSuffix(cond.sel, field)) {
		a.conflict = true
	}
	prefix := strings.TrimSuffix(cond.sel, field)
	a.sel, a.class = strings.TrimPrefix(lock.sel, prefix), lock.Class
	a.tail = nameOf(a.sel)
	if old, ok := c.aliases[cond.Class]; ok && old != a {
		a.conflict = true
	}
	c.aliases[cond.Class] = a
}

func unwrap(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}

// lastField returns the last selector of sel with the pointer behind it.
func lastField(sel string) string { return sel[strings.LastIndex(sel, "."):] }

// condLock returns the lock of the condition variable at p.
func (c *computation) condLock(p Path) Path {
	if p.Root == nil {
		return Path{}
	}
	l := p
	l.sel += ".L*"
	if l.Class != "" {
		l.Class += ".L"
	}
	l, _ = c.alias(l, Exclusive)
	return l
}

// alias returns the lock that p is known to be another name of, and the mode
// in which it is held then.
func (c *computation) alias(p Path, mode Mode) (Path, Mode) {
	class, ok := strings.CutSuffix(p.Class, ".L")
	if !ok {
		return p, mode
	}
	a, ok := c.aliases[class]
	if !ok || a.conflict {
		return p, mode
	}
	if a.shared {
		mode = Shared
	}
	cond, ok := strings.CutSuffix(p.sel, ".L*")
	if !ok || p.Root == nil || !strings.Contains(cond, ".") {
		return Path{Class: a.class}, mode
	}
	base := strings.TrimSuffix(cond, lastField(cond))
	q := p
	q.sel, q.Class, q.tail = base+a.sel, a.class, nameOf(base)+a.tail
	return q, mode
}
