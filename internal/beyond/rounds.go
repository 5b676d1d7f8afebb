package beyond

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A Kept is something that a loop may keep of its rounds.
type Kept struct {
	What string // as in "n is kept"
	File string
	Line int
}

// Keeps returns what a busy loop may keep of a round that did no operation with
// an effect; nil if it keeps nothing, so that the state of its thread is the same
// after the round as before it. round has the callers of the pause in the loop, and
// of each operation of the round, as runtime.Callers has them.
//
// The loop is the innermost one that all of them are in. What it keeps is looked
// for in its body and in all that the body calls: an assignment to what lives
// longer than the round. It is no matter if nobody reads it before it is assigned
// again (reload.go), or if it decides only how long the thread pauses (pause.go).
// Whatever is not understood is kept: a call of what is not known, a write through a
// pointer. Loops of this library keep nothing that is seen from outside, unless they
// call what they were given.
//
// Without callers of the pause nothing pauses in the loop, and a round may begin with
// any of its operations. Then all that lives longer than the round is kept, but for what
// each round assigns anew (renew.go).
func (f *Finder) Keeps(round [][]uintptr) (*Kept, error) { return f.keepsOf(round, false) }

// KeepsOfEffects is Keeps for a round whose operations have effects, and find the same
// in each round. Of such a loop less is known: what this library does in its own loops,
// and the plain memory that its types hold, are kept unless it is certain that they are
// not changed.
func (f *Finder) KeepsOfEffects(round [][]uintptr) (*Kept, error) { return f.keepsOf(round, true) }

func (f *Finder) keepsOf(round [][]uintptr, effects bool) (*Kept, error) {
	key := fmt.Sprint(effects, round)
	f.mu.Lock()
	defer f.mu.Unlock()
	if k, ok := f.kept[key]; ok {
		return k, nil
	}
	sites := make([][]runtime.Frame, len(round))
	for i, pcs := range round {
		if len(pcs) > 0 {
			sites[i] = outermostFirst(pcs)
		}
	}
	k, err := f.keeps(sites, effects)
	if err != nil {
		return nil, &SourceError{"a busy loop", err}
	}
	if f.kept == nil {
		f.kept = make(map[string]*Kept)
	}
	f.kept[key] = k
	return k, nil
}

// keeps is Keeps for callers that are frames, outermost first.
func (f *Finder) keeps(sites [][]runtime.Frame, effects bool) (*Kept, error) {
	paused := len(sites) > 0 && len(sites[0]) > 0
	if !paused && len(sites) > 0 {
		sites = sites[1:]
	}
	level := common(sites)
	if level < 0 {
		return &Kept{What: "it is not known which loop it is"}, nil
	}
	if f.loader == nil && f.failed == nil {
		f.loader, f.failed = list(f.Dir)
	}
	if f.failed != nil {
		return nil, f.failed
	}
	for library := ofLibrary(sites[0][level]); level >= 0 && (library || !ofLibrary(sites[0][level])); level-- {
		r, err := f.loader.roundAt(sites, level, paused)
		switch {
		case err != nil:
			return nil, err
		case r == nil:
			library = library && level > 0 && ofLibrary(sites[0][level-1])
		case library && effects:
			return &Kept{What: "it is a loop of the library", File: sites[0][level].File, Line: sites[0][level].Line}, nil
		case library:
			return r.callsGiven(), nil
		default:
			r.effects = effects
			return r.kept(), nil
		}
	}
	at := sites[0][max(level, 0)]
	return &Kept{What: "no for statement is around it", File: at.File, Line: at.Line}, nil
}

func ofLibrary(f runtime.Frame) bool {
	return inLibrary(packageOf(f.Function)) && !strings.HasSuffix(f.File, "_test.go")
}

func outermostFirst(pcs []uintptr) (list []runtime.Frame) {
	for frames := runtime.CallersFrames(pcs); ; {
		f, more := frames.Next()
		list = append(list, f)
		if !more {
			slices.Reverse(list)
			return list
		}
	}
}

// common is the innermost level of calls at which all are in the same call of a
// function, as far as the places of the calls tell; -1 if there is none.
func common(sites [][]runtime.Frame) int {
	for level := 0; ; level++ {
		for _, s := range sites {
			if level >= len(s) || s[level].Function != sites[0][level].Function {
				return level - 1
			}
		}
		for _, s := range sites {
			if s[level].PC != sites[0][level].PC || s[level].Line != sites[0][level].Line {
				return level
			}
		}
	}
}

// A round is the loop, and what is known of a round of it.
type round struct {
	loader   *loader
	of       *source
	loop     *ast.ForStmt
	function ast.Node                 // that the loop is in
	owner    ast.Node                 // the declaration that the loop is in
	pauses   []int                    // lines of the pause, in the loop's function
	ops      []int                    // lines of its operations there
	calls    map[string]runtime.Frame // by file:line, who was called from there; without a name: several
	scopes   []ast.Node               // what dies with the round: the body, and functions that are called
	walked   []ast.Node
	callers  []runtime.Frame // of the loop's function, and it, outermost first
	around   bool            // whether the loop may be come to again after it was left
	effects  bool            // whether its operations may have effects
	found    *Kept
}

// roundAt is the round if its loop is at that level; nil if no loop there is
// around all places.
func (l *loader) roundAt(sites [][]runtime.Frame, level int, paused bool) (*round, error) {
	at := sites[0][level]
	s := l.holding(packageOf(at.Function), filepath.Base(at.File))
	if s == nil {
		return nil, errNotThere
	}
	r := &round{loader: l, of: s, calls: make(map[string]runtime.Frame)}
	low, high := at.Line, at.Line
	for i, site := range sites {
		line := site[level].Line
		low, high = min(low, line), max(high, line)
		if i == 0 && paused {
			r.pauses = append(r.pauses, line)
		} else {
			r.ops = append(r.ops, line)
		}
		for k := level; k+1 < len(site); k++ {
			if ofLibrary(site[k]) {
				continue
			}
			from := fmt.Sprintf("%s:%d", filepath.Base(site[k].File), site[k].Line)
			callee := site[k+1]
			if other, ok := r.calls[from]; ok && other.Function != callee.Function {
				callee.Function = "" // it is not always the same
			}
			r.calls[from] = callee
		}
	}
	var loops []ast.Stmt
	owner := l.functionAt(s, at, low, high)
	if owner == nil {
		r.found = &Kept{"it is not known which loop it is", at.File, at.Line}
		return r, nil
	}
	for _, n := range within(owner) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if l.line(n.Pos()) <= low && high <= l.line(n.End()) {
				loops = append(loops, n.(ast.Stmt))
			}
		}
	}
	if len(loops) == 0 {
		return nil, nil
	}
	loop := loops[len(loops)-1] // the innermost one comes last
	if n := len(loops); n > 1 && (l.line(loops[n-2].Pos()) == l.line(loop.Pos()) || loops[n-2].End() < loop.End()) {
		r.keep(loop.Pos(), "two loops begin on one line")
	}
	var ok bool
	if r.loop, ok = loop.(*ast.ForStmt); !ok {
		r.keep(loop.Pos(), "the loop ends by itself, after more rounds than are tried out")
	}
	r.function, r.owner = owner, owner
	r.callers = sites[0][:level+1]
	r.around = len(loops) > 1 || jumps(owner) || l.comesAgain(r.callers)
	for _, d := range fileOf(s, owner.Pos()).Decls {
		if d.Pos() <= owner.Pos() && owner.End() <= d.End() {
			r.owner = d
		}
	}
	return r, nil
}

func fileOf(s *source, at token.Pos) *ast.File {
	for _, f := range s.files {
		if f.FileStart <= at && at <= f.FileEnd {
			return f
		}
	}
	return nil
}

func (l *loader) line(at token.Pos) int { return l.fset.Position(at).Line }

// within is the nodes of a function that are in no function inside it, outer ones first.
func within(function ast.Node) (list []ast.Node) {
	ast.Inspect(function, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok && n != function {
			return false
		}
		if n != nil {
			list = append(list, n)
		}
		return true
	})
	return list
}

// keep notes the first thing that the loop may keep.
func (r *round) keep(at token.Pos, format string, args ...any) {
	if r.found == nil {
		pos := r.loader.fset.Position(at)
		r.found = &Kept{fmt.Sprintf(format, args...), pos.Filename, pos.Line}
	}
}
