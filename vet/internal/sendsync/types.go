// Package sendsync derives which types may go to another goroutine (Send) and
// which may be used by two at once through a pointer (Sync), the way Rust
// derives its auto traits: a type is Send if all it holds is.
package sendsync

import (
	"fmt"
	"go/types"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Trait is Send or Sync.
type Trait uint8

// The traits. Their documentation in Rust: std::marker.
const (
	Send Trait = iota
	Sync
)

func (t Trait) String() string { return [...]string{"Send", "Sync"}[t] }

// A Reason tells why a type lacks a trait.
type Reason struct {
	Trait Trait
	// Path leads from the type to the one at fault: fields and type arguments.
	Path []string
	// Type is the one at fault, as Go code spells it.
	Type string
	// Marked tells that the type at fault is marker.NoSend or marker.NoSync.
	Marked bool
	name   api.Type
}

// String says what is at fault and where it is: "its field a.b is an rc.Rc[int]".
func (r *Reason) String() string {
	what := article(r.Type)
	if r.Marked {
		what = "marked " + r.Type
	}
	if len(r.Path) == 0 {
		return "it is " + what
	}
	return strings.Join(r.Path, ", ") + " is " + what
}

// Unchecked reports whether the type at fault is cell.UnsafeCell.
func (r *Reason) Unchecked() bool { return r.name == api.Type{Pkg: api.Cell, Name: "UnsafeCell"} }

// Advice says what to use instead, or is empty.
func (r *Reason) Advice() string {
	switch {
	case r.name.Pkg == api.Rc:
		return "use arc.Arc, which counts atomically"
	case r.name.Pkg == api.Cell && (r.name.Name == "Cell" || r.name.Name == "UnsafeCell"):
		return "use a type of package atomic, or lock.Mutex"
	case r.name.Pkg == api.Cell && strings.HasPrefix(r.name.Name, "Ref"):
		return "use lock.RWLock"
	case r.name.Pkg == api.Cell:
		return "use lock.OnceLock or lock.LazyLock"
	case r.name.Pkg == api.Lock:
		return "unlock it in the goroutine that locked"
	}
	return ""
}

func article(s string) string {
	if s != "" && strings.ContainsRune("aeiourAEIOUR", rune(s[0])) && !strings.HasPrefix(s, "uint") {
		return "an " + s
	}
	return "a " + s
}

// Types derives traits. It knows the types that their packages opt in by
// //fearless:unsafe.
type Types struct {
	optIn func(obj *types.TypeName, t Trait) bool
	known sync.Map // of seenType: what is known to have the trait
}

// Lacks tells why typ lacks a trait, or returns nil if it has it. A type
// parameter has it: what it is instantiated with is looked at there.
func (d *Types) Lacks(typ types.Type, t Trait) *Reason {
	return d.settle(func(seen map[seenType]bool) *Reason { return d.lacks(typ, t, seen) })
}

// settle remembers all that was looked at if none of it lacks anything.
func (d *Types) settle(lacks func(seen map[seenType]bool) *Reason) *Reason {
	seen := map[seenType]bool{}
	r := lacks(seen)
	if r == nil && len(seen) <= maxSeen {
		for key := range seen {
			d.known.Store(key, true)
		}
	}
	return r
}

// A seenType is a type, or the name of one with type arguments, of which
// there may be several for the same type.
type seenType struct {
	typ  *types.TypeName
	name string
	t    Trait
}

func seenNamed(n *types.Named, t Trait) seenType {
	if n.TypeArgs().Len() == 0 {
		return seenType{typ: n.Obj(), t: t}
	}
	return seenType{name: types.TypeString(n, nil), t: t}
}

const maxSeen = 800 // type arguments that grow with each level end here

func (d *Types) lacks(typ types.Type, t Trait, seen map[seenType]bool) *Reason {
	if len(seen) > maxSeen {
		return nil
	}
	switch u := types.Unalias(typ).(type) {
	case *types.Named:
		return d.named(u, t, seen)
	case *types.Pointer:
		return d.shared(u.Elem(), t, seen)
	case *types.Slice:
		return through("its elements", d.shared(u.Elem(), t, seen))
	case *types.Array:
		return through("its elements", d.lacks(u.Elem(), t, seen))
	case *types.Map:
		if r := d.shared(u.Key(), t, seen); r != nil {
			return through("its keys", r)
		}
		return through("its values", d.shared(u.Elem(), t, seen))
	case *types.Chan:
		return through("what it carries", d.lacks(u.Elem(), Send, seen))
	case *types.Struct:
		return d.fields(u, t, seen)
	}
	return nil
}

// shared is for what stands behind a pointer: it is there for both
// goroutines, so that it needs both traits.
func (d *Types) shared(typ types.Type, t Trait, seen map[seenType]bool) *Reason {
	if r := d.lacks(typ, Send, seen); r != nil {
		return r
	}
	return d.lacks(typ, Sync, seen)
}

func (d *Types) fields(s *types.Struct, t Trait, seen map[seenType]bool) *Reason {
	for i := range s.NumFields() {
		f := s.Field(i)
		if r := d.lacks(f.Type(), t, seen); r != nil {
			if f.Name() == "_" && r.Marked && len(r.Path) == 0 {
				return r
			}
			return field(f.Name(), r)
		}
	}
	return nil
}

// field puts a field's name before the path of r.
func field(name string, r *Reason) *Reason {
	out := *r
	if rest, ok := firstField(r.Path); ok {
		out.Path = append([]string{"its field " + name + "." + rest}, r.Path[1:]...)
	} else {
		out.Path = append([]string{"its field " + name}, r.Path...)
	}
	return &out
}

func firstField(path []string) (string, bool) {
	if len(path) == 0 {
		return "", false
	}
	return strings.CutPrefix(path[0], "its field ")
}

func through(what string, r *Reason) *Reason {
	if r == nil {
		return nil
	}
	out := *r
	out.Path = append([]string{what}, r.Path...)
	return &out
}

func (d *Types) named(n *types.Named, t Trait, seen map[seenType]bool) *Reason {
	key := seenNamed(n, t)
	if _, ok := d.known.Load(key); ok || seen[key] {
		return nil // a type that holds itself has what the rest of it has
	}
	seen[key] = true
	obj := n.Origin().Obj()
	name := api.TypeOf(n)
	args := n.TypeArgs()
	needs := func(traits ...Trait) *Reason {
		for i := range args.Len() {
			for _, need := range traits {
				if r := d.lacks(args.At(i), need, seen); r != nil {
					return through("its "+args.At(i).String()[strings.LastIndex(args.At(i).String(), "/")+1:], r)
				}
			}
		}
		return nil
	}
	fault := func(trait Trait, marked bool) *Reason {
		return &Reason{Trait: trait, Type: spell(n), Marked: marked, name: name}
	}
	switch name.Pkg {
	case api.Marker:
		switch {
		case name.Name == "NoSend" && t == Send, name.Name == "NoSync" && t == Sync:
			return fault(t, true)
		case name.Name == "PhantomData" && args.Len() > 0:
			return through("its PhantomData", d.lacks(args.At(0), t, seen))
		}
		return nil
	case api.Rc:
		return fault(t, false)
	case api.Cell:
		if t == Sync || strings.HasPrefix(name.Name, "Ref") && name.Name != "RefCell" {
			return fault(t, false)
		}
		return needs(Send)
	case api.Lock:
		switch {
		case strings.HasSuffix(name.Name, "Guard"):
			if t == Send {
				return fault(t, false)
			}
			return needs(Sync)
		case name.Name == "Mutex":
			return needs(Send)
		case name.Name == "RWLock", name.Name == "OnceLock", name.Name == "LazyLock":
			if t == Send {
				return needs(Send)
			}
			return needs(Send, Sync)
		}
		return nil
	case api.Arc:
		return needs(Send, Sync)
	case api.Atomic, api.Thread:
		return nil
	}
	if d.optIn != nil && d.optIn(obj, t) {
		return nil
	}
	return d.lacks(n.Underlying(), t, seen)
}

// spell is a type as Go code spells it.
func spell(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// Crossing tells why c must not go to another goroutine, or returns nil. A
// captured variable is one that both goroutines have, like what is behind a
// pointer.
func (d *Types) Crossing(c Crossing) *Reason {
	if c.Captured {
		return d.settle(func(seen map[seenType]bool) *Reason { return d.shared(c.Type(), Send, seen) })
	}
	return d.Lacks(c.Type(), Send)
}

// Describe names the trait that is lacking, for a message.
func (r *Reason) Describe(typ types.Type) string {
	return fmt.Sprintf("%s is not %s: %s", spell(typ), r.Trait, r)
}
