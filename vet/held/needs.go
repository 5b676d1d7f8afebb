package held

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A waking is what ends a wait: an operation on what is waited for.
type waking uint8

const (
	none     waking = iota
	done            // of a group
	signal          // of a Cond
	sends           // to a channel, or its close
	receives        // from a channel
)

// waitsFor is what the instruction waits for, by its class ("" if that is not
// known), and what would end the wait.
func waitsFor(instr ssa.Instruction) (class string, by waking) {
	switch x := instr.(type) {
	case *ssa.Send:
		return lockset.Resolve(x.Chan).Class, receives
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return lockset.Resolve(x.X).Class, sends
		}
	case ssa.CallInstruction:
		recv := api.Receiver(x.Common())
		switch api.CalleeOf(x.Common()) {
		case api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Wait"}:
			return lockset.Resolve(recv).Class, done
		case api.Func{Pkg: "sync", Recv: "Cond", Name: "Wait"}:
			return lockset.Resolve(recv).Class, signal
		}
	}
	return "", none
}

// wakes reports whether the instruction can end a wait for what is of that class.
func wakes(instr ssa.Instruction, class string, by waking) bool {
	is := func(v ssa.Value, how waking) bool { return how == by && lockset.Resolve(v).Class == class }
	switch x := instr.(type) {
	case *ssa.Send:
		return is(x.Chan, sends)
	case *ssa.UnOp:
		return x.Op == token.ARROW && is(x.X, receives)
	case *ssa.Select:
		for _, s := range x.States {
			if s.Dir == types.SendOnly && is(s.Chan, sends) || s.Dir == types.RecvOnly && is(s.Chan, receives) {
				return true
			}
		}
	case ssa.CallInstruction:
		if b, ok := x.Common().Value.(*ssa.Builtin); ok {
			return b.Name() == "close" && is(x.Common().Args[0], sends)
		}
		recv := api.Receiver(x.Common())
		switch api.CalleeOf(x.Common()) {
		case api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}:
			return is(recv, done)
		case api.Func{Pkg: "sync", Recv: "Cond", Name: "Signal"}, api.Func{Pkg: "sync", Recv: "Cond", Name: "Broadcast"}:
			return is(recv, signal)
		}
	}
	return false
}

// deadlock reports whether all that could end the wait b need the lock h
// first, and where one of them takes it. What is waited for and the lock are
// known by their classes: the field of the type, or the package variable.
func deadlock(locks *lockset.Result, b lockset.Block, h lockset.Holding) (at token.Pos, ok bool) {
	class, by := waitsFor(b.Instr)
	if class == "" || h.Lock.Class == "" || b.Inner != nil {
		return token.NoPos, false
	}
	for _, f := range locks.Funcs {
		for _, block := range f.Fn.Blocks {
			for _, instr := range block.Instrs {
				if !wakes(instr, class, by) {
					continue
				}
				first := takenBefore(f, instr, h)
				if first == nil {
					return token.NoPos, false
				}
				at = first.Pos()
			}
		}
	}
	return at, at.IsValid()
}

// takenBefore is where f takes the lock of h, in a way that h keeps out, each
// time before it comes to instr, or nil. A loop that comes to instr again
// without taking the lock again is past it: it can end any number of waits.
func takenBefore(f *lockset.Func, instr ssa.Instruction, h lockset.Holding) ssa.Instruction {
	for _, a := range f.Acquisitions {
		if a.Lock.Class != h.Lock.Class || h.Mode == lockset.Shared && a.Mode == lockset.Shared || repeatsWithout(instr, a.Instr) {
			continue
		}
		if _, deferred := instr.(*ssa.Defer); deferred && beforeReturns(a.Instr, f.Fn) || before(a.Instr, instr) {
			return a.Instr
		}
	}
	return nil
}

// repeatsWithout reports whether some way leads from instr back to it and does
// not pass taken.
func repeatsWithout(instr, taken ssa.Instruction) bool {
	from := instr.Block()
	if from == taken.Block() {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{taken.Block(): true}
	work := slices.Clone(from.Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == from {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

func before(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	for _, instr := range a.Block().Instrs {
		switch instr {
		case a:
			return true
		case b:
			return false
		}
	}
	return false
}

func beforeReturns(a ssa.Instruction, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		if b == fn.Recover {
			continue // only after a panic
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !before(a, ret) {
			return false
		}
	}
	return true
}
