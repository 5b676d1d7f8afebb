package channel

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// A groupCall is a call of a WaitGroup's method.
type groupCall struct {
	instr ssa.CallInstruction
	group lockset.Path
}

func groupCalls(fn *ssa.Function, method string) []groupCall {
	var found []groupCall
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && api.CalleeOf(call.Common()) == (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: method}) {
				if p := lockset.Resolve(api.Receiver(call.Common())); p.Known() {
					found = append(found, groupCall{call, p})
				}
			}
		}
	}
	return found
}

// groups reports WaitGroups that are miscounted.
func (r *reporter) groups(prog *buildssa.SSA, starts *goroutine.Result) {
	var workers []worker
	for _, fn := range prog.SrcFuncs {
		workers = append(workers, workersOf(fn)...)
	}
	for _, fn := range prog.SrcFuncs {
		adds := groupCalls(fn, "Add")
		waits := groupCalls(fn, "Wait")
		if len(adds) == 0 {
			continue
		}
		started := starts.In(fn)
		for _, add := range adds {
			if n, known := count(add); known && n <= 0 {
				continue
			}
			r.addLate(add, adds, started, workers)
		}
		for _, wait := range waits {
			r.waitInLoop(wait, adds, started)
		}
	}
}

// A worker is a function that takes from a channel what it is done with then.
type worker struct {
	jobs, group string // their classes
}

func workersOf(fn *ssa.Function) []worker {
	dones := groupCalls(fn, "Done")
	if len(dones) == 0 || len(groupCalls(fn, "Add")) > 0 {
		return nil
	}
	var found []worker
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, ch := range receives(instr) {
				jobs := lockset.Resolve(ch)
				for _, d := range dones {
					if jobs.Class != "" && d.group.Class != "" && unserved.Reaches(instr, d.instr) {
						found = append(found, worker{jobs.Class, d.group.Class})
					}
				}
			}
		}
	}
	return found
}

// addLate reports add if what it counts has been started, or handed over, by
// then, and nothing has been added before.
func (r *reporter) addLate(add groupCall, adds []groupCall, started []goroutine.Start, workers []worker) {
	first := func(by ssa.Instruction) bool {
		return !slices.ContainsFunc(adds, func(o groupCall) bool {
			return o.group.Same(add.group) && o.instr != add.instr && before(o.instr, by)
		})
	}
	for _, s := range started {
		target := s.Target()
		if s.Via != (api.Func{}) || target == nil || !before(s.Site, add.instr) || !first(s.Site) {
			continue
		}
		if len(groupCalls(target, "Add")) > 0 || !doneWith(target, s, add.group) {
			continue
		}
		r.report(analysis.Diagnostic{
			Pos: add.instr.Pos(),
			Message: fmt.Sprintf("%s.Add comes after the go statement at %s, whose goroutine may have called Done by then, or Wait have returned: call Add before it",
				add.group, lockset.Position(r.pass, s.Pos())),
			Related: []analysis.RelatedInformation{{Pos: s.Pos(), Message: "starts here"}},
		})
		return
	}
	for _, b := range add.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			send, ok := instr.(*ssa.Send)
			if !ok || !before(send, add.instr) || !first(send) {
				continue
			}
			if !slices.Contains(workers, worker{lockset.Resolve(send.Chan).Class, add.group.Class}) {
				continue
			}
			r.report(analysis.Diagnostic{
				Pos: add.instr.Pos(),
				Message: fmt.Sprintf("%s.Add comes after the send at %s, and who receives that may have called Done by then: call Add before it",
					add.group, lockset.Position(r.pass, send.Pos())),
				Related: []analysis.RelatedInformation{{Pos: send.Pos(), Message: "handed over here"}},
			})
			return
		}
	}
}

// doneWith reports whether target, which s starts, is done with group.
func doneWith(target *ssa.Function, s goroutine.Start, group lockset.Path) bool {
	for _, d := range groupCalls(target, "Done") {
		p := d.group
		if i := slices.IndexFunc(target.Params, func(p *ssa.Parameter) bool { return d.group.Root == ssa.Value(p) }); i >= 0 && i < len(s.Args) {
			p = p.In(lockset.Resolve(s.Args[i]))
		}
		if p.Same(group) {
			return true
		}
	}
	return false
}

// before reports whether a happens on every way to b, in one round of a loop.
func before(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

// waitInLoop reports wait if it is in a loop that starts the goroutines of
// its group, all of which were added before the loop.
func (r *reporter) waitInLoop(wait groupCall, adds []groupCall, started []goroutine.Start) {
	if _, deferred := wait.instr.(*ssa.Defer); deferred {
		return
	}
	for _, l := range unserved.LoopsAround(wait.instr) {
		within, outside := false, false
		for _, add := range adds {
			if add.group.Same(wait.group) && l[add.instr.Block()] {
				within = true
			} else if n, known := count(add); add.group.Same(wait.group) && before(add.instr, wait.instr) && (!known || n > 1) {
				outside = true
			}
		}
		if within || !outside {
			continue
		}
		for _, s := range started {
			target := s.Target()
			if target == nil || s.Via != (api.Func{}) || !l[s.Site.Block()] || !before(s.Site, wait.instr) || !doneWith(target, s, wait.group) {
				continue
			}
			r.report(analysis.Diagnostic{
				Pos: wait.instr.Pos(),
				Message: fmt.Sprintf("%s.Wait in the loop waits for the goroutines of all rounds, of which the later ones are not started yet, at %s: it waits for good; call it after the loop",
					wait.group, lockset.Position(r.pass, s.Pos())),
				Related: []analysis.RelatedInformation{{Pos: s.Pos(), Message: "started here"}},
			})
		}
	}
}
