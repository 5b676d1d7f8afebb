package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/internal/modcopy"
)

// oldBugs are modules in folders, and the list of what is wrong in them.
func oldBugs(t *testing.T, dir string) {
	t.Helper()
	mod := func(name string) string { return "module example.com/" + name + "\n\ngo 1.26\n" }
	write(t, dir, map[string]string{
		"service/go.mod": mod("service"), "service/service.go": inverse,
		"racy/go.mod": mod("racy"), "racy/racy.go": `package racy

type Counter[T any] struct{ n int }

func (c *Counter[T]) Add() int {
	done := make(chan bool)
	go func() {
		c.n++
		done <- true
	}()
	c.n++
	<-done
	return c.n
}
`,
		"fine/go.mod": mod("fine"), "fine/fine.go": "package fine\n\nfunc Nothing() {}\n",
		"stale/go.mod": mod("stale"), "stale/stale.go": strings.Replace(inverse, "service", "stale", 1),
		"stale/stale_test.go": "package stale\n\nvar x int = \"\"\n",
		"noted/go.mod":        mod("noted"), "noted/noted.go": `package noted

import (
	"sync"
	"time"
)

var mu sync.Mutex

func Slow() {
	mu.Lock()
	defer mu.Unlock()
	time.Sleep(time.Second)
}
`,
		"copied/go.mod": mod("copied"), "copied/copied.go": `package copied

import "sync"

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c Counter) Get() int { c.mu.Lock(); defer c.mu.Unlock(); return c.n }
`,
		"broken/go.mod": mod("broken"), "broken/broken.go": "package broken\n\nvar x int = \"\"\n",
		"bugs.tsv": `# module, issue, sort, places, note
./service	#1	deadlock	service.go:One service.go:Two	a and b in two orders
./racy	#2	race	racy.go:Counter.Add	two increments
./fine	#3	leak	fine.go:Nothing	nothing is there to be found
./noted	#4	deadlock	noted.go:Slow	it sleeps with the lock held
./broken	#5	race	broken.go:3	it does not build
./nowhere	#6	race	x.go:1	there is no such module
./fine	#7	leak	fine.go:Gone	there is no such function
./racy	#8	race	racy.go:3	the place is another
./stale	#10	deadlock	stale.go:One stale.go:Two	as the first, with a test that does not build
./copied	#9	lock copied	copied.go:Counter.Get	each call has a lock of its own
`,
	})
}

func TestKnownBugsLong(t *testing.T) {
	long.Only(t, "several modules, each with every tool")
	dir := t.TempDir()
	oldBugs(t, dir)
	args := []string{"-known", "-bugs", "bugs.tsv", "-fearless", program(t), "-results", "kept", "-tools", "vet,govet"}
	out, progress, err := hunted(t, dir, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, progress)
	}
	if again, progress, err := hunted(t, dir, args...); again != out || progress != "" || err != nil {
		t.Errorf("a second run tried again: %s, %v", progress, err)
	}
	all, err := readKnown("bugs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"#1": "found (lockorder)", "#2": "found (share)", "#3": "missed", "#4": "a note (held)", "#5": "not decided (not built)",
		"#6": "not decided (no x.go:1 in the module)", "#7": "not decided (no fine.go:Gone in the module)", "#8": "missed", "#9": "found (guard)", "#10": "found (lockorder)",
	}
	for _, k := range all {
		r, _, err := load("kept", k.Module)
		if err != nil {
			t.Fatal(err)
		}
		o, how := k.outcome(r, "vet")
		if got := strings.TrimSuffix(string(o)+" ("+how+")", " ()"); got != want[k.Issue] {
			t.Errorf("%s: %s, want %s\n%+v", k.Issue, got, want[k.Issue], r)
		}
		if o, _ := k.outcome(r, "govet"); (o == Found) != (k.Issue == "#9") {
			t.Errorf("%s: go vet: %s\n%+v", k.Issue, o, r)
		}
		if o, _ := k.outcome(r, "race"); o == Found || o == Missed {
			t.Errorf("%s: race did not run, and is %s", k.Issue, o)
		}
	}
	if out, _, err = hunted(t, dir, "-known", "-report", "-bugs", "bugs.tsv", "-results", "kept", "-half", "0"); err != nil {
		t.Fatal(err)
	}
	other, _, err := hunted(t, dir, "-known", "-report", "-bugs", "bugs.tsv", "-results", "kept", "-half", "1")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| deadlock |", "found (lockorder)", "| ours together | "} {
		if !strings.Contains(out+other, want) {
			t.Errorf("no %q in:\n%s%s", want, out, other)
		}
	}
}

// Of half 1 only figures are printed, unless it is asked for.
func TestTheOtherHalfIsFigures(t *testing.T) {
	all := []Known{
		{Module: Module{Path: "./fine"}, Issue: "#1", Sort: "leak", Places: []Place{{File: "a.go", Line: 1}}},
		{Module: Module{Path: "./noted"}, Issue: "#2", Sort: "leak", Places: []Place{{File: "a.go", Line: 1}}},
		{Module: Module{Path: "./racy"}, Issue: "#3", Sort: "leak", Places: []Place{{File: "a.go", Line: 1}}},
		{Module: Module{Path: "./service"}, Issue: "#4", Sort: "leak", Places: []Place{{File: "a.go", Line: 1}}},
	}
	for half := -1; half < 2; half++ {
		var out strings.Builder
		if err := printKnown(all, t.TempDir(), half, &out); err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			named := strings.Contains(out.String(), k.Module.String())
			if want := k.Module.Half() == max(half, 0); named != want {
				t.Errorf("-half %d: %s named: %v", half, k.Module, named)
			}
		}
	}
}

// More tools go on where fewer were, and -missed leaves alone what is found.
func TestMoreToolsOnWhatWasMissedLong(t *testing.T) {
	long.Only(t, "several modules, each with every tool")
	dir := t.TempDir()
	oldBugs(t, dir)
	write(t, dir, map[string]string{"bugs.tsv": "./service\t#1\tdeadlock\tservice.go:One service.go:Two\tnote\n./fine\t#3\tleak\tfine.go:Nothing\tnote\n"})
	args := []string{"-known", "-bugs", "bugs.tsv", "-fearless", program(t), "-results", "kept"}
	if _, progress, err := hunted(t, dir, args...); err != nil {
		t.Fatalf("%v\n%s", err, progress)
	}
	_, progress, err := hunted(t, dir, append(args, "-missed", "-tools", "vet,govet")...)
	if err != nil || strings.Contains(progress, "./service: govet") || !strings.Contains(progress, "./fine: govet") || strings.Contains(progress, ": vet\n") {
		t.Errorf("%v\n%s", err, progress)
	}
	r, _, err := load("kept", Module{Path: "./fine"})
	if err != nil || len(r.Runs) != 2 || r.Runs[0].Tool != "vet" || r.Runs[1].Tool != "govet" {
		t.Errorf("%v, %+v", err, r)
	}
}

func TestBadListsOfOldBugs(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ line, want string }{
		{"m@v1\t#1\trace\ta.go:1", "a line is module@version, issue"},
		{"m@v1\t\trace\ta.go:1\tnote", "none of them empty"},
		{"m\t#1\trace\ta.go:1\tnote", "m has no version"},
		{"@v1\t#1\trace\ta.go:1\tnote", "is no module"},
		{"m@v1\t#1\trice\ta.go:1\tnote", `no sort of bug "rice"`},
		{"m@v1\t#1\trace\ta.go\tnote", `"a.go" is no place`},
		{"m@v1\t#1\trace\ta.go:0\tnote", "no line and no function"},
		{"m@v1\t#1\trace\t/a.go:1\tnote", "is no place"},
		{"m@v1\t#1\trace\ta.go:(*T).F\tnote", "no line and no function"},
		{"m@v1\t#1\trace\t \tnote", "a bug has a place"},
		{"m@v1\t#1\trace\ta.go:1\tnote\nm@v1\t#1\trace\ta.go:1\tagain", "bugs:2: the same bug as in line 1"},
		{"# none", "names no bug"},
	} {
		write(t, dir, map[string]string{"bugs": test.line + "\n"})
		if _, _, err := hunted(t, dir, "-known", "-bugs", "bugs"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.line, err, test.want)
		}
	}
	for args, want := range map[string]string{
		"-known -bugs nowhere": "-bugs FILE names another",
		"-known -all":          "say one of",
		"-all -missed":         "-missed is for -known",
		"-known -tools lint":   `there is no "lint"`,
	} {
		if _, _, err := hunted(t, dir, strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("hunt %s: %v, want %q", args, err, want)
		}
	}
}

// A module from before there were go.mod files gets one, with the language of
// its time.
func TestAGoModIsMade(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"old.go": "package old\n"})
	made, err := makeGoMod(t.Context(), dir, "example.com/old", Limits{Time: 1 << 36, Output: 1 << 20})
	if err != nil || made != "go.mod (go "+modcopy.LanguageOfOld+")" {
		t.Fatal(made, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || !strings.Contains(string(text), "module example.com/old") || !strings.Contains(string(text), "go "+modcopy.LanguageOfOld) {
		t.Errorf("%v\n%s", err, text)
	}
	write(t, dir, map[string]string{"go.mod": "module twice\n"})
	if _, err := makeGoMod(t.Context(), dir, "example.com/old", Limits{Time: 1 << 36, Output: 1 << 20}); err == nil {
		t.Error("one that is there was made")
	}
}

// The list in this folder is what its comment says, and long enough that both
// halves mean something.
func TestTheListOfOldBugs(t *testing.T) {
	all, err := readKnown("known.tsv")
	if err != nil {
		t.Fatal(err)
	}
	halves := [2]int{}
	for _, k := range all {
		halves[k.Module.Half()]++
		if !strings.HasPrefix(k.Module.Version, "v") || !strings.Contains(k.Issue, "#") && !strings.HasPrefix(k.Issue, "PR ") {
			t.Errorf("%s: %q is no issue, or it has no version", k.Module, k.Issue)
		}
	}
	if len(all) < 40 || halves[0] < 10 || halves[1] < 10 {
		t.Errorf("%d bugs, halves %v", len(all), halves)
	}
}

// What README says of the old bugs is what the results in this folder come to.
func TestTheReadmeSaysWhatWasFound(t *testing.T) {
	all, err := readKnown("known.tsv")
	if err != nil {
		t.Fatal(err)
	}
	n := tally{}
	for _, k := range all {
		r, _, err := load("known", k.Module)
		if err != nil {
			t.Fatal(err)
		}
		o, _ := k.outcome(r, "vet")
		n[o]++
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%d old bugs: `fearless vet` **found %d** (%d %%),\ntold %d in a note and missed %d; %d are not decided",
		len(all), n[Found], 100*n[Found]/len(all), n[OnlyNote], n[Missed], n[NotDecided])
	if n[NotTried] > 0 || !strings.Contains(string(text), want) {
		t.Errorf("%d were not tried; README has to say %q", n[NotTried], want)
	}
}
