package book

import (
	"fmt"
	"slices"
	"strings"
)

// A NotFoundError is what [Find] returns for a name that is no program's.
type NotFoundError struct {
	Name    string
	Similar []string // names that the caller may have meant, none if nothing is like it
}

func (e *NotFoundError) Error() string {
	if len(e.Similar) == 0 {
		return fmt.Sprintf("no example is called %q", e.Name)
	}
	return fmt.Sprintf("no example is called %q: use one of %s", e.Name, strings.Join(e.Similar, ", "))
}

// Find returns that of programs which is called name, or else the one whose name starts with
// it: "ch1-08" is ch1-08-mutex. A name that is the start of several names is
// none of theirs, and the [*NotFoundError] lists them.
func Find(programs []Program, name string) (Program, error) {
	var starts []Program
	for _, p := range programs {
		if p.Name == name {
			return p, nil
		}
		if name != "" && strings.HasPrefix(p.Name, name) {
			starts = append(starts, p)
		}
	}
	if len(starts) == 1 {
		return starts[0], nil
	}
	return Program{}, &NotFoundError{Name: name, Similar: similar(programs, name)}
}

// similar returns the names of the programs that start with name, or else
// those that hold one of its words.
func similar(programs []Program, name string) []string {
	match := func(p Program) bool { return name != "" && strings.HasPrefix(p.Name, name) }
	if !slices.ContainsFunc(programs, match) {
		words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == ' ' })
		match = func(p Program) bool {
			return slices.ContainsFunc(words, func(w string) bool {
				return slices.ContainsFunc(strings.Split(p.Name, "-")[1:], func(part string) bool { return part == w })
			})
		}
	}
	var found []string
	for _, p := range programs {
		if match(p) {
			found = append(found, p.Name)
		}
	}
	return found
}
