package schedtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/trace"
)

const raceReport = `==================
WARNING: DATA RACE
Write at 0x00c00001ab10 by goroutine 15:
  example.test/m.(*Book).flush()
      /m/m.go:28 +0x4d

Previous read at 0x00c00001ab10 by goroutine 16 (finished):
  example.test/m.(*Book).add()
      /m/m.go:39 +0x193
  example.test/m.TestX.func1()
      /m/m_test.go:14 +0x3d

Goroutine 15 (running) created at:
  example.test/m.TestX()
      /m/m_test.go:9 +0x1
==================
`

func TestAccessesOfARaceReport(t *testing.T) {
	all := racingAccesses("WARNING: DATA RACE\nWrite at 0x1 by goroutine 1:\n  m.old()\n      /m/m.go:1 +0x1\n\n" + raceReport)
	if len(all) != 2 || all[0].what != "write" || all[1].what != "previous read" || len(all[1].stack) != 2 ||
		all[1].stack[0] != (trace.Pos{File: "/m/m.go", Line: 39, Func: "example.test/m.(*Book).add"}) {
		t.Errorf("%+v", all)
	}
	for _, text := range []string{"", "no report", "WARNING: DATA RACE\nWrite at 0x1 by goroutine 1:", "WARNING: DATA RACE\nWrite at 0x1"} {
		if all := racingAccesses(text); len(all) != 0 {
			t.Errorf("%q: %+v", text, all)
		}
	}
}

func TestPlaceOfAnAccess(t *testing.T) {
	at := func(lane int, fn string, line int) trace.Step {
		return trace.Step{Lane: lane, Pos: trace.Pos{File: "/m/m.go", Line: line, Func: fn}}
	}
	stack := []trace.Pos{{Func: "m.inner", Line: 20}, {Func: "m.outer", Line: 7}}
	for name, c := range map[string]struct {
		steps []trace.Step
		want  int
	}{
		"between lock and unlock":             {[]trace.Step{at(0, "m.inner", 19), at(1, "m.inner", 19), at(0, "m.inner", 21)}, 1},
		"in the last round of a loop":         {[]trace.Step{at(0, "m.inner", 19), at(0, "m.inner", 21), at(0, "m.inner", 19), at(0, "m.inner", 21)}, 3},
		"not between two steps above it":      {[]trace.Step{at(0, "m.inner", 11), at(0, "m.inner", 12), at(0, "m.inner", 21)}, 2},
		"in a function without steps":         {[]trace.Step{at(0, "m.outer", 5), at(0, "m.outer", 9)}, 1},
		"nothing of it is known":              {[]trace.Step{at(0, "m.other", 5)}, -1},
		"all its steps come after the access": {[]trace.Step{at(0, "m.inner", 30)}, -1},
		"of another lane only":                {[]trace.Step{at(1, "m.inner", 19)}, -1},
	} {
		if got := placeOf(c.steps, 0, stack); got != c.want {
			t.Errorf("%s: before step %d, want %d", name, got, c.want)
		}
	}
}

func TestWhatWouldOrderARace(t *testing.T) {
	tr := &trace.Trace{Lanes: []trace.Lane{{Name: "a"}, {Name: "b"}}, Edges: []trace.Edge{{From: 0, To: 3, Kind: trace.Spawn}}, Steps: []trace.Step{
		{Lane: 0, Object: "mu", Effect: trace.Acquire}, {Lane: 0, Object: "mu", Effect: trace.Release},
		{Lane: 1, Object: "mu", Effect: trace.Acquire}, {Lane: 1},
	}}
	insertStep(tr, 2, trace.Step{Lane: 0, Op: "write"})
	if e := tr.Edges[0]; e.From != 0 || e.To != 4 || tr.Steps[2].Op != "write" || len(tr.Steps) != 5 {
		t.Errorf("%+v %+v", e, tr.Steps)
	}
	long := &trace.Trace{Lanes: tr.Lanes, Steps: slices.Concat(tr.Steps[:3], make([]trace.Step, maxSteps-4), tr.Steps[3:])}
	if text := wouldOrder(long, 2, 4); !strings.Contains(text, "at step 2 and step 4:") {
		t.Error(text)
	}
	long.Steps = append(long.Steps, make([]trace.Step, 2)...)
	if text := wouldOrder(long, 2, 4); !strings.Contains(text, "at one that is left out and step 2: at the first a holds no lock") {
		t.Error(text)
	}
	if text := wouldOrder(tr, 2, 4); !strings.Contains(text, "at step 3 and step 5: at the first a holds no lock that the steps show, at the second b holds mu;") {
		t.Error(text)
	}
}

func TestNamesWithoutTypeArguments(t *testing.T) {
	for name, want := range map[string]string{
		"m.f":                             "m.f",
		"m.(*T).add":                      "m.(*T).add",
		"m.f[go.shape.int]":               "m.f[...]",
		"m.(*T[go.shape.int]).add":        "m.(*T[...]).add",
		"m.f[go.shape.[]int].func1":       "m.f[...].func1",
		"m.f[m.box[int],go.shape.string]": "m.f[...]",
		"m.odd]name[":                     "m.odd]name[",
	} {
		if got := withoutTypes(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
