package atonce

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A Finding is one place that two entries use at once.
type Finding struct {
	A, B     Access
	Lock     string    // that B holds and A does not; "" if neither holds one
	Evidence string    // why they run at once
	At       token.Pos // where that stands
}

// Find returns the findings of a package, one for each place.
func Find(pass *analysis.Pass, prog *buildssa.SSA, starts *goroutine.Result, locks *lockset.Result) []Finding {
	f := &finder{
		pass: pass, prog: prog, told: map[place]bool{}, acquired: map[*ssa.Function][]ssa.Instruction{},
		guards: guarding.Checker{Pkg: prog.Pkg, Locks: locks, Starts: starts},
	}
	for _, fn := range prog.SrcFuncs {
		if f.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				f.handler(instr)
				f.background(fn, instr)
				f.accepted(fn, instr)
			}
		}
	}
	f.methods()
	f.documented()
	f.subtests()
	return f.found
}

type finder struct {
	pass     *analysis.Pass
	prog     *buildssa.SSA
	guards   guarding.Checker
	told     map[place]bool
	acquired map[*ssa.Function][]ssa.Instruction
	found    []Finding
}

func (f *finder) add(x Finding) {
	if !f.told[x.A.place] {
		f.told[x.A.place] = true
		f.found = append(f.found, x)
	}
}

// inTest reports whether fn is in a test file: there, one request follows
// another, and a method is called when the test knows that it may be.
func (f *finder) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(f.pass.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// Message tells of x, at the position of A.
func (x Finding) Message(position func(token.Pos) string) string {
	what := "read"
	if x.Lock != "" {
		if x.A.Write {
			what = "written"
		}
		return fmt.Sprintf("`%s` is %s here without `%s`, which is held where it is written at %s: %s", x.A.Name, what, x.Lock, position(x.At), x.Evidence)
	}
	if x.B.Write {
		what = "written"
	}
	if x.A.Instr == x.B.Instr {
		return fmt.Sprintf("`%s` is written here, without a lock, by what runs in several goroutines at once: %s, at %s", x.A.Name, x.Evidence, position(x.At))
	}
	return fmt.Sprintf("`%s` is written here, and %s at %s, neither with a lock: %s, at %s", x.A.Name, what, position(x.B.Instr.Pos()), x.Evidence, position(x.At))
}
