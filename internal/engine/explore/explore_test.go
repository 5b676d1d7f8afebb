package explore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// A buffering is a program: thread 0 starts two threads, which each write one variable
// and then read the other one.
type buffering struct {
	x    *explore.Explorer
	locs []int32
}

func prepare(memory graph.Memory) *buffering {
	x := explore.New(memory)
	x.G.Grow(0)
	x.G.AddThread(0, -1)
	return &buffering{x: x}
}

// run runs it over the graph, and returns what the threads read.
func (p *buffering) run() (got [2]uint64) {
	x := p.x
	x.Begin()
	var threads [2]int32
	for i := range threads {
		e, _ := x.Spawn(0, 0)
		threads[i] = e.Aux
	}
	for len(p.locs) < 2 {
		p.locs = append(p.locs, x.G.AddLocation())
	}
	var done [2]int
	for moved := true; moved; { // a thread waits for what it reads
		moved = false
		for i, thr := range threads {
			ok := false
			switch done[i] {
			case 0:
				ok = x.Store(thr, p.locs[i], 1, graph.Relaxed, false)
			case 1:
				got[i], ok = x.Load(thr, p.locs[1-i], graph.Relaxed, false, 0)
			}
			if ok {
				done[i]++
				moved = true
			}
		}
	}
	return got
}

func ExampleExplorer() {
	for _, memory := range []graph.Memory{graph.RC11, graph.SC} {
		var found []string
		p := prepare(memory)
		for more := true; more; more = p.x.Next() {
			if got := p.run(); !p.x.Dead {
				found = append(found, fmt.Sprint(got))
			}
		}
		slices.Sort(found)
		fmt.Println(memory, strings.Join(found, ", "))
	}
	// Output:
	// rc11 [0 0], [0 1], [1 0], [1 1]
	// sc [0 1], [1 0], [1 1]
}

// What an explorer gives away and what it keeps are the whole, also by way of a file.
func TestTasksAreTheRest(t *testing.T) {
	p := prepare(graph.RC11)
	x := p.x
	p.run()
	runs := 1
	var given []*explore.Task
	for task := x.Donate(); task != nil; task = x.Donate() {
		given = append(given, task)
	}
	if len(given) < 2 {
		t.Fatalf("%d tasks", len(given))
	}
	if x.Next() {
		t.Error("there is more where all is given away")
	}
	file := explore.WriteTasks(given)
	read, err := explore.ReadTasks(file)
	if err != nil {
		t.Fatal(err)
	}
	other := prepare(graph.RC11)
	other.locs = p.locs
	for i, task := range read {
		if task.Rank.Compare(given[i].Rank) != 0 {
			t.Errorf("task %d has another place in the walk: %v", i, task.Rank)
		}
		for more := other.x.Adopt(task); more; more = other.x.Next() {
			other.run()
			runs++
		}
	}
	if runs != 4 {
		t.Errorf("%d executions, want 4", runs)
	}
	for _, bad := range [][]byte{nil, []byte("no tasks"), file[:len(file)/2]} {
		if _, err := explore.ReadTasks(bad); err == nil || !strings.Contains(err.Error(), "delete it to begin anew") {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

func TestARunThatIsTakenBackIsFoundAgain(t *testing.T) {
	p := prepare(graph.RC11)
	x := p.x
	runs := 0
	for more := true; more; more = x.Next() {
		begin := x.Mark()
		p.run()
		x.Back(begin)
		p.run()
		restore := x.Keep()
		p.run()
		restore()
		runs++
	}
	if runs != 4 {
		t.Errorf("%d executions, want 4", runs)
	}
}

func TestAProgramThatDoesSomethingElse(t *testing.T) {
	p := prepare(graph.RC11)
	x := p.x
	p.run()
	if !x.Next() {
		t.Fatal("one execution")
	}
	x.Begin()
	x.Fence(0, graph.SeqCst)
	if x.Failure == nil || x.Failure.Kind != explore.Nondeterministic {
		t.Errorf("%v", x.Failure)
	}
}
