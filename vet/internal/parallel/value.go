package parallel

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Kind tells what an Object is.
type Kind uint8

const (
	Variable Kind = iota // what an ssa.Alloc, a make or a global declares
	Closure              // a function value with the variables it captures
	Boxed                // an interface value that holds a known dynamic type
	Unknown              // something that exists before or outside of the tree
)

// An Object is a piece of memory that the tree tells apart from others.
type Object struct {
	Kind  Kind
	Frame *Frame    // where it is made; nil for globals, functions and unknowns
	Instr ssa.Value // what makes it: an Alloc, MakeChan, Global, Function, ...
	typ   types.Type

	mem     value     // pointers stored in it, by path
	readers []*Frame  // that have to look again when mem changes
	self    value     // a pointer to it
	escaped bool      // known to code outside the tree
	from    *Location // for an Unknown: where it was loaded from
	depth   int       // for an Unknown: how many loads it is away from a known object
	perLoad bool      // for an Unknown: a different object at each load
	like    *Object   // for an Unknown: what it is one of, which was made several times
	several int8      // whether it is made several times: 1 yes, -1 no, 0 not asked yet
}

// origin is where in the tree the object is made: a new one each time.
func (o *Object) origin() (Point, bool) {
	// What is found in an object is as new as the object.
	for o != nil && o.Frame == nil && o.from != nil {
		o = o.from.Obj
	}
	if o == nil || o.Frame == nil {
		return Point{}, false
	}
	instr, ok := o.Instr.(ssa.Instruction)
	return Point{o.Frame, instr}, ok
}

// oneOf reports whether o is one of those that are made where from is, as far as
// the tree knows.
func (o *Object) oneOf(from *Object) bool {
	for ; o != nil; o = o.like {
		if o == from {
			return true
		}
	}
	return false
}

// A Ref points to the part of an object that path names.
type Ref struct {
	Obj  *Object
	Path string
	// part tells which elements of the array at Path a slice covers: "" for
	// all, "2:5", or "?" if that is not known.
	part string
}

// A Location is the memory a Ref points to. A path is a series of ".2" (the
// third field), "[3]" (the fourth element), "[3:7]" (some elements; see span), "[*]"
// (all elements), "[?]" (one element that is not known) and "[$n]" (an element
// whose index is distinct for each goroutine or iteration).
type Location = Ref

// refs are targets in the order in which they were found, each once. There
// are so few of them that a search is faster than a hash.
type refs []Ref

// A value is what an ssa.Value may point to: the pointers it holds, by their
// path within it. A plain pointer has the path "".
type value []slot

type slot struct {
	path string
	set  refs
}

const maxRefs = 16 // more targets than this tell nothing

// at is what stands at a path.
func (v value) at(path string) refs {
	for i := range v {
		if v[i].path == path {
			return v[i].set
		}
	}
	return nil
}

func (v *value) add(path string, r Ref) bool {
	for i := range *v {
		s := &(*v)[i]
		if s.path != path {
			continue
		}
		if len(s.set) >= maxRefs || slices.Contains(s.set, r) {
			return false
		}
		s.set = append(s.set, r)
		return true
	}
	*v = append(*v, slot{path, refs{r}})
	return true
}

func (v *value) addAll(prefix string, from value) bool {
	changed := false
	for _, s := range from {
		for _, r := range s.set {
			if v.add(prefix+s.path, r) {
				changed = true
			}
		}
	}
	return changed
}

// part is what stands at the path sub within v.
func (v value) part(sub string) value {
	var out value
	for _, s := range v {
		if rest, ok := under(s.path, sub); ok {
			for _, r := range s.set {
				out.add(rest, r)
			}
		}
	}
	return out
}

func under(path, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok || rest != "" && prefix != "" && rest[0] != '.' && rest[0] != '[' {
		return "", false
	}
	return rest, true
}

func fieldPath(i int) string { return "." + strconv.Itoa(i) }

// smash forgets which element of an array a path means, for what is stored.
func smash(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	var b strings.Builder
	for _, s := range steps(path) {
		if s[0] == '[' {
			s = "[]"
		}
		b.WriteString(s)
	}
	return b.String()
}

// steps splits a path.
func steps(path string) []string {
	var out []string
	for path != "" {
		end := strings.IndexAny(path[1:], ".[") + 1
		if path[0] == '[' {
			end = strings.IndexByte(path, ']') + 1
		}
		if end <= 0 {
			end = len(path)
		}
		out = append(out, path[:end])
		path = path[end:]
	}
	return out
}

const maxPath = 32 // steps; deeper places are not told apart

func join(path, step string) (string, bool) {
	if len(steps(path)) >= maxPath {
		return path, false
	}
	return path + step, true
}

// overlap tells whether the places p and q of one object share memory, as far
// as is known: two indexes of which one is unknown are taken for distinct.
func overlap(p, q string) bool {
	a, b := steps(p), steps(q)
	for i := range min(len(a), len(b)) {
		if !stepsMeet(a[i], b[i]) {
			return false
		}
	}
	return true
}

func stepsMeet(a, b string) bool {
	if a == b {
		return a != "[?]"
	}
	if a[0] != '[' || b[0] != '[' {
		return false
	}
	if a == "[*]" || b == "[*]" {
		return true
	}
	x, ok := parseSpan(a[1 : len(a)-1])
	y, also := parseSpan(b[1 : len(b)-1])
	return ok && also && x.meets(y)
}

// pointerLike tells whether a value of type t is, or may hold, one reference.
func pointerLike(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return true
	case *types.Basic:
		return t.Underlying().(*types.Basic).Kind() == types.UnsafePointer
	}
	return false
}

// holdsPointers tells whether a value of type t holds any reference.
func holdsPointers(t types.Type) bool { return hasPointers(t, 0) }

func hasPointers(t types.Type, depth int) bool {
	if depth > 6 || pointerLike(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if hasPointers(f.Type(), depth+1) {
				return true
			}
		}
	case *types.Array:
		return hasPointers(u.Elem(), depth+1)
	case *types.Tuple:
		return true
	}
	return false
}
