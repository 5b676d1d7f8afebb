package lockset

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/rule"
)

// Verb says how a lock of that mode, or cell, is held: "locked", "read-locked".
func Verb(m Mode, cell bool) string {
	switch {
	case cell && m == Shared:
		return "borrowed"
	case cell:
		return "borrowed mutably"
	case m == Shared:
		return "read-locked"
	}
	return "locked"
}

// Reentry describes an acquisition of a lock that the goroutine holds
// already. It reports false if a is none.
func (r *Result) Reentry(pass *analysis.Pass, a Acquisition) (analysis.Diagnostic, bool) {
	if a.Inner != nil && !a.Sure {
		return analysis.Diagnostic{}, false
	}
	for _, h := range a.Held {
		// A local mutex that a goroutine unlocks for another is a signal.
		_, variable := a.Lock.Root.(*ssa.Alloc)
		if variable && r.ReleasedElsewhere(a.Lock) {
			continue
		}
		if !h.Lock.Same(a.Lock) || a.Cell && a.Mode == Shared && h.Mode == Shared {
			continue
		}
		how := Verb(a.Mode, a.Cell) + " here"
		if a.Inner != nil {
			how = fmt.Sprintf("%s by %s (at %s), which is called here", Verb(a.Mode, a.Cell), chain(a), a.Inner.At)
		}
		effect := "it waits for itself forever"
		switch {
		case a.Cell:
			effect = "this panics"
		case a.Mode == Shared && h.Mode == Shared:
			effect = "when a writer waits in between, neither ever goes on"
		}
		category := "" // the rule's own
		if a.Inner == nil && h.Mode == Exclusive && h.At.Block() == a.Instr.Block() {
			category = rule.Must // no branch lies between
		}
		return analysis.Diagnostic{
			Pos:      a.Instr.Pos(),
			Category: category,
			Message: fmt.Sprintf("%s is %s while this goroutine holds it since %s: %s",
				a.Lock, how, Position(pass, h.At.Pos()), effect),
			Related: related(h.At.Pos(), "first "+Verb(h.Mode, h.Cell)+" here"),
		}, true
	}
	return analysis.Diagnostic{}, false
}

// chain names the functions through which a's call takes the lock.
func chain(a Acquisition) string {
	first := "the function"
	if a.Callee != nil {
		first = a.Callee.Name()
	}
	return strings.Join(append([]string{first}, a.Inner.Via...), ", through ")
}

func related(pos token.Pos, message string) []analysis.RelatedInformation {
	if !pos.IsValid() {
		return nil
	}
	return []analysis.RelatedInformation{{Pos: pos, Message: message}}
}
