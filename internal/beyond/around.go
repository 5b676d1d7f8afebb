package beyond

import (
	"go/ast"
	"go/token"
	"slices"
)

// staysInside keeps what a loop around this one may keep, if a round can be one of
// both: this one is left behind an operation, and entered again before a pause.
//
// That cannot be if an operation that is in no round is always done on the way back
// (back.go). Where all operations stand before the pause it cannot be, either: who enters
// the loop again does all operations of a whole round before it pauses, and the shortest
// round is taken, which is that one, for it keeps nothing. A panic may leave the loop
// anywhere, behind the pause, too.
func (r *round) staysInside() {
	if !r.around || r.operatesOnTheWayBack() {
		return
	}
	if r.recovers() {
		r.keep(r.loop.Pos(), "a panic may leave the loop, which is come to again")
	}
	if r.pausesLast() {
		return
	}
	if r.loop.Cond != nil {
		r.keep(r.loop.Cond.Pos(), "the loop may be left behind an operation, and come to again")
	}
	for _, n := range leaving(r.loop.Body) {
		if b, ok := n.(*ast.BranchStmt); !ok || b.Tok != token.CONTINUE || b.Label != nil {
			r.keep(n.Pos(), "the loop may be left behind an operation, and come to again")
		}
	}
}

// pausesLast reports whether no operation stands behind the pause in the loop's body.
func (r *round) pausesLast() bool {
	if r.pausePath() == nil {
		return false
	}
	behind := r.behindPause()
	if r.loop.Post != nil {
		behind = append(behind, r.loop.Post)
	}
	for _, s := range behind {
		low, high := r.loader.line(s.Pos()), r.loader.line(s.End())
		if slices.ContainsFunc(r.ops, func(line int) bool { return low <= line && line <= high }) {
			return false
		}
	}
	return true
}
