package lockorder

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports locks that are taken in opposite orders.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run:      run,
})

// maxCircle is the number of locks in the longest circle that is looked for.
const maxCircle = 4

func run(pass *analysis.Pass) (any, error) {
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	reported := map[token.Pos]bool{}
	for _, f := range locks.Funcs {
		for _, a := range f.Acquisitions {
			if a.Inner == nil {
				continue
			}
			if d, ok := locks.Reentry(pass, a); ok && !reported[d.Pos] {
				reported[d.Pos] = true
				pass.Report(d)
			}
		}
	}
	g := graph{next: map[string][]lockset.Edge{}, steps: new(int)}
	for _, e := range locks.Edges {
		g.next[e.First.Class] = append(g.next[e.First.Class], e)
	}
	g.prune()
	g.report(pass)
	instances(pass, locks.Pairs)
	return nil, nil
}

// instances reports two locks of one class that are taken in both orders.
func instances(pass *analysis.Pass, pairs []lockset.Pair) {
	for i, p := range pairs {
		for _, q := range pairs[:i] {
			if !p.First.Same(q.Second) || !p.Second.Same(q.First) || p.Pos == q.Pos {
				continue
			}
			pass.Report(analysis.Diagnostic{
				Pos: p.Pos,
				Message: fmt.Sprintf("%s is held here while %s is taken, but at %s it is the other way round: goroutines that do this at once wait for each other forever",
					p.First, p.Second, lockset.Position(pass, q.Pos)),
				Related: []analysis.RelatedInformation{{Pos: q.Pos, Message: "the other way round here"}, {Pos: p.In.Pos(), Message: "the locks are taken in " + p.In.Name()}},
			})
			break
		}
	}
}

// A graph has an edge from each lock to those that are taken while it is held.
type graph struct {
	next  map[string][]lockset.Edge
	steps *int
}

// prune drops the edges that are on no circle, because nothing leads on from
// their end or nothing leads to their start.
func (g graph) prune() {
	for changed := true; changed; {
		changed = false
		into := map[string]bool{}
		for _, edges := range g.next {
			for _, e := range edges {
				into[e.Second.Class] = true
			}
		}
		for class, edges := range g.next {
			kept := slices.DeleteFunc(edges, func(e lockset.Edge) bool { return !into[class] || len(g.next[e.Second.Class]) == 0 })
			if len(kept) == len(edges) {
				continue
			}
			changed = true
			if g.next[class] = kept; len(kept) == 0 {
				delete(g.next, class)
			}
		}
	}
}

// maxSteps bounds the search for circles.
const maxSteps = 200_000

// report reports each circle once, at the last of its edges in this package.
func (g graph) report(pass *analysis.Pass) {
	seen := map[string]bool{}
	var starts []lockset.Edge
	for _, edges := range g.next {
		for _, e := range edges {
			if e.Local {
				starts = append(starts, e)
			}
		}
	}
	slices.SortFunc(starts, func(a, b lockset.Edge) int {
		if a.Pos != b.Pos {
			return int(b.Pos) - int(a.Pos) // the last first
		}
		return strings.Compare(a.First.Class+a.Second.Class, b.First.Class+b.Second.Class)
	})
	// The shortest circles first: a longer one through the same two locks is
	// the same mistake.
	for length := 2; length <= maxCircle; length++ {
		for _, e := range starts {
			circle := g.extend(e.Second.Class, e.First.Class, []lockset.Edge{e}, length-1)
			if circle == nil || slices.ContainsFunc(circle, func(e lockset.Edge) bool { return seen[order(e)] }) {
				continue
			}
			for _, e := range circle {
				seen[order(e)] = true
			}
			pass.Report(describe(pass, circle))
		}
	}
}

func order(e lockset.Edge) string { return e.First.Class + "\x00" + e.Second.Class }

// extend returns circle with that many more edges, leading from one lock back
// to another, or nil.
func (g graph) extend(from, to string, circle []lockset.Edge, left int) []lockset.Edge {
	for _, e := range g.next[from] {
		if *g.steps++; *g.steps > maxSteps {
			return nil
		}
		longer := append(circle[:len(circle):len(circle)], e)
		if e.Second.Class == to {
			if left == 1 && deadly(longer) {
				return longer
			}
			continue
		}
		if left <= 1 || slices.ContainsFunc(circle, func(c lockset.Edge) bool { return c.First.Class == e.Second.Class }) {
			continue
		}
		if found := g.extend(e.Second.Class, to, longer, left-1); found != nil {
			return found
		}
	}
	return nil
}

// deadly reports whether goroutines that each follow one edge of the circle
// can wait for each other: no further lock keeps any two of them apart, and they
// do not all only read. Two are enough: the circle needs all its goroutines at
// once, and one that did the work of two would be another, shorter circle.
func deadly(circle []lockset.Edge) bool {
	for i, e := range circle {
		if slices.ContainsFunc(circle[i+1:], e.Apart) {
			return false
		}
	}
	for i, e := range circle {
		next := circle[(i+1)%len(circle)]
		if e.SecondMode == lockset.Exclusive || next.FirstMode == lockset.Exclusive {
			return true
		}
	}
	return false
}

func describe(pass *analysis.Pass, circle []lockset.Edge) analysis.Diagnostic {
	e := circle[0]
	where := ""
	if len(e.Via) > 0 {
		where = fmt.Sprintf(" (in %s, at %s)", strings.Join(e.Via, ", through "), e.SecondAt)
	}
	var others []string
	d := analysis.Diagnostic{Pos: e.Pos}
	if e.FirstPos.IsValid() {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: e.FirstPos, Message: e.First.ClassName(pass.Pkg) + " locked here"})
	}
	for _, o := range circle[1:] {
		others = append(others, fmt.Sprintf("%s holds %s (since %s) and takes %s at %s", o.Func, o.First.ClassName(pass.Pkg), o.FirstAt, o.Second.ClassName(pass.Pkg), o.SecondAt))
		if o.Pos.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: o.Pos, Message: o.Second.ClassName(pass.Pkg) + " taken here, with " + o.First.ClassName(pass.Pkg) + " held"})
		}
	}
	d.Message = fmt.Sprintf("%s is taken here%s while %s is held since %s, but %s: goroutines that do this at once wait for each other forever",
		e.Second.ClassName(pass.Pkg), where, e.First.ClassName(pass.Pkg), e.FirstAt, strings.Join(others, " and "))
	return d
}
