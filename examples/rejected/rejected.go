// Package rejected lists programs that Rust's compiler refuses, or that the
// book "Rust Atomics and Locks" warns of, and what fearless vet says to them.
//
// Each program is a folder. It compiles as Go. The line above the one at fault
// is a comment "// [rule] message": the finding, word for word.
package rejected

import (
	"embed"
	"path"
	"strings"
)

// A Program is one refused program.
type Program struct {
	// Name is its folder.
	Name string
	// Title says what it does wrong.
	Title string
	// Rust is the number of the error of Rust's compiler, such as "E0499",
	// or says in words that there is none.
	Rust string
	// Rule is the rule of fearless vet that finds it.
	Rule string
	// Source is the program, with the findings in comments.
	Source string
}

// Findings returns the comments "[rule] message" in the source.
func (p Program) Findings() []string {
	var found []string
	for line := range strings.Lines(p.Source) {
		if f, ok := strings.CutPrefix(strings.TrimSpace(line), "// ["); ok {
			found = append(found, "["+f)
		}
	}
	return found
}

//go:embed */*.go
var sources embed.FS

var programs = []Program{
	{Name: "push", Title: "two scoped threads append to one slice", Rust: "E0499", Rule: "share"},
	{Name: "rc", Title: "an Rc is moved into a thread", Rust: "E0277", Rule: "send"},
	{Name: "sort", Title: "a slice in an Arc is sorted", Rust: "E0596", Rule: "readonly"},
	{Name: "phantom", Title: "a struct with a PhantomData of a Cell is shared", Rust: "E0277", Rule: "send"},
	{Name: "escape", Title: "a reference outlives the scope that lent it", Rust: "E0521", Rule: "escape"},
	{Name: "join", Title: "a thread is joined twice", Rust: "E0382", Rule: "moved"},
	{Name: "dropped", Title: "a guard is dropped", Rust: "a warning, unused_must_use", Rule: "guard"},
	{Name: "iflet", Title: "a guard lives as long as the work on what it guarded", Rust: "no error; the book's pitfall of if let", Rule: "held"},
	{Name: "idalloc", Title: "an allocator of IDs panics but goes on counting", Rust: "no error; the book's ID allocation", Rule: "ordering"},
}

// Programs returns the programs, those that Rust's compiler refuses first.
func Programs() []Program {
	all := make([]Program, len(programs))
	for i, p := range programs {
		src, err := sources.ReadFile(path.Join(p.Name, p.Name+".go"))
		if err != nil {
			panic(err) // embedded: it is there or the package does not build
		}
		p.Source = string(src)
		all[i] = p
	}
	return all
}
