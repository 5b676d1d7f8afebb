package fragment

import (
	"fmt"
	"strings"
)

// Source is the program in Go, a package with one function Run.
func (p *Program) Source() string {
	w := &printer{}
	for _, v := range p.Vars {
		if v.Global {
			w.line("var %s", v.declaration())
		}
	}
	w.line("func Run() {")
	w.depth++
	for _, v := range p.Vars {
		if !v.Global {
			w.line("var %s", v.declaration())
			w.line("_ = &%s", v.Name)
		}
	}
	w.body(p.Main)
	w.depth--
	w.line("}")
	body := w.String()
	head := "package p\n\n"
	for _, path := range []string{"runtime", "sync", "sync/atomic"} {
		if strings.Contains(body, path[strings.LastIndex(path, "/")+1:]+".") {
			head += fmt.Sprintf("import %q\n", path)
		}
	}
	return head + "\n" + body
}

func (v *Var) declaration() string {
	switch v.Kind {
	case Array:
		return v.Name + " [3]int"
	case Record:
		return v.Name + " struct{ f0, f1, f2 int }"
	case Mutex:
		return v.Name + " sync.Mutex"
	case RWMutex:
		return v.Name + " sync.RWMutex"
	case Chan:
		return fmt.Sprintf("%s = make(chan int, %d)", v.Name, v.Size)
	case Group:
		return v.Name + " sync.WaitGroup"
	case Once:
		return v.Name + " sync.Once"
	case Atomic:
		return v.Name + " atomic.Int32"
	case Flag:
		return v.Name + " atomic.Bool"
	}
	return fmt.Sprintf("%s = %d", v.Name, v.Init)
}

type printer struct {
	strings.Builder
	depth int
}

func (w *printer) line(format string, args ...any) {
	w.WriteString(strings.Repeat("\t", w.depth))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

// block prints a statement that holds others.
func (w *printer) block(open string, body []Stmt, end string) {
	w.line("%s", open)
	w.depth++
	w.body(body)
	w.depth--
	w.line("%s", end)
}

func (w *printer) body(list []Stmt) {
	for i, s := range list {
		if r, isRepeat := s.(Repeat); isRepeat && !usesLoop(r.Body) {
			w.block(fmt.Sprintf("for range %d {", r.N), r.Body, "}")
			continue
		}
		w.stmt(s)
		if _, isReturn := s.(Return); isReturn && i < len(list)-1 {
			return // what follows is never reached
		}
	}
}

func (w *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case Write:
		w.line("%s = %d", s.At, s.Value)
	case Read:
		w.line("println(%s)", s.At)
	case Let:
		w.line("r%d := %s", s.Reg, s.At)
		w.line("_ = r%d", s.Reg)
	case Sync:
		w.line("%s", s)
	case Go:
		if s.Group != nil {
			w.block(s.Group.Name+".Go(func() {", s.Body, "})")
		} else {
			w.block("go func() {", s.Body, "}()")
		}
	case Do:
		w.block(s.Once.Name+".Do(func() {", s.Body, "})")
	case If:
		if len(s.Else) == 0 {
			w.block(fmt.Sprintf("if %s {", s.Cond), s.Then, "}")
		} else {
			w.block(fmt.Sprintf("if %s {", s.Cond), s.Then, "} else {")
			w.block("", s.Else, "}")
		}
	case Await:
		c := s.Cond
		c.Not = !c.Not
		w.line("for %s {", c)
		w.line("\truntime.Gosched()")
		w.line("}")
	case Repeat:
		w.block(fmt.Sprintf("for i := range %d {", s.N), s.Body, "}")
	case Range:
		w.block(fmt.Sprintf("for range %s {", s.Over.Name), s.Body, "}")
	case Poll:
		w.line("select {")
		w.block(fmt.Sprintf("case <-%s:", s.From.Name), s.Then, "default:")
		w.depth++
		w.body(s.Else)
		w.depth--
		w.line("}")
	case Return:
		w.line("return")
	}
}

// usesLoop reports whether list has a place that the loop variable says.
func usesLoop(list []Stmt) bool {
	used := false
	var visit func(list []Stmt)
	visit = func(list []Stmt) {
		for _, s := range list {
			switch s := s.(type) {
			case Write:
				used = used || s.At.ByLoop
			case Read:
				used = used || s.At.ByLoop
			case Let:
				used = used || s.At.ByLoop
			case Repeat:
				continue // its variable is another one
			}
			for _, inner := range bodies(s) {
				visit(inner)
			}
		}
	}
	visit(list)
	return used
}

func (at Place) String() string {
	switch {
	case at.ByLoop:
		return at.Var.Name + "[i]"
	case at.Var.Kind == Array:
		return fmt.Sprintf("%s[%d]", at.Var.Name, at.Sub)
	case at.Var.Kind == Record:
		return fmt.Sprintf("%s.f%d", at.Var.Name, at.Sub)
	}
	return at.Var.Name
}

func (v *Var) value(n int) string {
	if v.Kind == Flag {
		return fmt.Sprint(n != 0)
	}
	return fmt.Sprint(n)
}

func (s Sync) String() string {
	n := s.On.Name
	switch s.Op {
	case Send:
		return fmt.Sprintf("%s <- %d", n, s.Val)
	case Recv:
		return "<-" + n
	case Close:
		return fmt.Sprintf("close(%s)", n)
	case Add, Inc:
		return fmt.Sprintf("%s.Add(%d)", n, s.Val)
	case Store:
		return fmt.Sprintf("%s.Store(%s)", n, s.On.value(s.Val))
	}
	names := map[Op]string{Lock: "Lock", Unlock: "Unlock", RLock: "RLock", RUnlock: "RUnlock", Done: "Done", Wait: "Wait"}
	return fmt.Sprintf("%s.%s()", n, names[s.Op])
}

func (c Cond) String() string {
	not, equal := "", "=="
	if c.Not {
		not, equal = "!", "!="
	}
	switch c.Test {
	case Is:
		return fmt.Sprintf("%s %s %d", c.At, equal, c.Old)
	case IsReg:
		return fmt.Sprintf("r%d %s %d", c.Reg, equal, c.Old)
	case LoadIs:
		if c.On.Kind == Flag {
			if c.Old == 0 {
				not = map[string]string{"": "!", "!": ""}[not]
			}
			return fmt.Sprintf("%s%s.Load()", not, c.On.Name)
		}
		return fmt.Sprintf("%s.Load() %s %d", c.On.Name, equal, c.Old)
	case CAS:
		return fmt.Sprintf("%s%s.CompareAndSwap(%s, %s)", not, c.On.Name, c.On.value(c.Old), c.On.value(c.New))
	case AddIs:
		return fmt.Sprintf("%s.Add(%d) %s %d", c.On.Name, c.New, equal, c.Old)
	}
	return fmt.Sprintf("%s%s.TryLock()", not, c.On.Name)
}
