package engine

// A stateGraph is the states that a program comes to in interleavings, as far as they
// were tried, and the steps between them. A state is known by a hash of a moment, which
// guesses at what threads hold in variables of their own: two that are told to be one
// may differ. So nothing follows from the graph alone; what is found in it is tried out.
type stateGraph struct {
	nodes []stateNode
	index map[uint64]int32 // by key
}

type stateNode struct {
	moment
	depth   int32
	from    int32 // the state from which it was come to first; -1: none
	by      stateStep
	pending []stateStep // that have not been tried
	out     []stateEdge
}

// A stateStep is what one thread does until it waits for its turn again.
type stateStep struct {
	thr    int32
	choice int32 // the alternative, if it chooses
}

type stateEdge struct {
	stateStep
	to    int32
	chose bool // it was a choice: others are possible
}

// How far the states of a program are looked at.
const (
	mostStates     = 4096
	mostStateSteps = 200_000
	mostStateDepth = 300
)

// node is the number of the state of that moment.
func (g *stateGraph) node(m moment, from int32, by stateStep) int32 {
	if n, ok := g.index[m.key]; ok {
		return n
	}
	n := int32(len(g.nodes))
	s := stateNode{moment: m, from: from, by: by}
	if from >= 0 {
		s.depth = g.nodes[from].depth + 1
	}
	if !m.unclear {
		for t := range int32(mostSteered) {
			if m.enabled>>t&1 != 0 {
				s.pending = append(s.pending, stateStep{thr: t})
			}
		}
	}
	g.nodes = append(g.nodes, s)
	g.index[m.key] = n
	return n
}

// pathTo is the steps by which a state was come to first.
func (g *stateGraph) pathTo(n int32) []stateStep {
	path := make([]stateStep, g.nodes[n].depth)
	for i := len(path) - 1; i >= 0; i-- {
		path[i] = g.nodes[n].by
		n = g.nodes[n].from
	}
	return path
}

// nearest is a state with a step that has not been tried, as near to the beginning as
// there is one; -1: there is none.
func (g *stateGraph) nearest() int32 {
	best := int32(-1)
	for i := range g.nodes {
		if n := &g.nodes[i]; len(n.pending) > 0 && n.depth < mostStateDepth && (best < 0 || n.depth < g.nodes[best].depth) {
			best = int32(i)
		}
	}
	return best
}

// A stateWalk is the run under way: steps that are known first, then some that are not.
type stateWalk struct {
	*stateGraph
	s     *steering
	steps int         // in all runs
	path  []stateStep // to where the steps are new
	goal  int32       // the state there
	at    int         // in path
	now   int32       // the state; -1: the beginning
	doing stateStep   // from there
	alts  int         // of the choice in it; 0: there was none
}

// explore tries the steps of main's threads until each has been tried in each state, or
// there are too many. more is asked before each run; it reports false if the search is
// to end.
func (w *stateWalk) explore(more func() bool) bool {
	w.s.next, w.s.choose = w.next, w.choose
	w.goal, w.path = -1, nil
	for {
		if !more() {
			return false
		}
		w.at, w.now = 0, -1
		if !w.s.run() {
			return false
		}
		if w.goal >= 0 { // it was not reached: states were told to be one that differ, or the run has failed
			w.nodes[w.goal].pending = nil
		}
		if len(w.nodes) >= mostStates || w.steps >= mostStateSteps {
			return true
		}
		if w.goal = w.nearest(); w.goal < 0 {
			return true
		}
		w.path = w.pathTo(w.goal)
	}
}

// choose takes the alternative of the step.
func (w *stateWalk) choose(n int) int {
	w.alts = n
	return min(int(w.doing.choice), n-1)
}

// next notes where the last step has led, and is the thread of the next one.
func (w *stateWalk) next() *Thread {
	m := w.s.now()
	if w.steps++; w.steps > mostStateSteps {
		return nil
	}
	n := w.node(m, w.now, w.doing)
	if w.now >= 0 {
		w.link(n)
	}
	w.now = n
	switch {
	case w.at < len(w.path):
		if w.at++; m.enabled>>w.path[w.at-1].thr&1 != 0 {
			w.begin(w.path[w.at-1])
			return w.s.e.threads[w.doing.thr]
		}
		fallthrough
	case w.at == len(w.path) && w.goal >= 0 && n != w.goal:
		return nil
	}
	s := &w.nodes[n]
	if len(s.pending) == 0 || s.depth >= mostStateDepth || len(w.nodes) >= mostStates {
		return nil
	}
	w.goal = -1
	w.begin(s.pending[0])
	s.pending = s.pending[1:]
	return w.s.e.threads[w.doing.thr]
}

func (w *stateWalk) begin(s stateStep) { w.doing, w.alts = s, 0 }

// link adds the edge of the step just done, which has led to state n.
func (w *stateWalk) link(n int32) {
	s := &w.nodes[w.now]
	for _, e := range s.out {
		if e.stateStep == w.doing {
			return
		}
	}
	s.out = append(s.out, stateEdge{w.doing, n, w.alts > 0})
	if w.doing.choice == 0 {
		for k := 1; k < w.alts; k++ {
			s.pending = append(s.pending, stateStep{w.doing.thr, int32(k)})
		}
	}
}
