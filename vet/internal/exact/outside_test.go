package exact_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/fragment"
)

// TestAroundHidesNoRace holds ExploreAround against the judge of the closed
// program that the one with unknown calls is made of: whatever race that has is
// found, or the search is given up.
func TestAroundHidesNoRace(t *testing.T) {
	racy, free, excluded, invalid := 0, 0, 0, 0
	for i := range *seeds {
		r := rand.New(rand.NewPCG(uint64(i), 78))
		p := fragment.Generate(r, i)
		v := fragment.Judge(p, 60_000)
		if !v.Race && (!v.Complete || v.Deadlock || v.Panic) {
			continue
		}
		src := open(p.Source(), r)
		pkg, _, err := build(src)
		if err != nil {
			invalid++
			continue
		}
		got := exact.ExploreAround(pkg.Func("Run"))
		excludes := got.Complete && !got.Fails && len(got.Races) == 0
		switch {
		case !v.Race:
			free++
			if excludes {
				excluded++
			}
		case excludes:
			t.Errorf("program %d, %s: its race is excluded\n%s", i, p.Name, src)
		default:
			racy++
		}
	}
	t.Logf("%d programs with a race; of %d without, %d are excluded", racy, free, excluded)
	if invalid > *seeds/20 || racy < *seeds/10 || excluded < free/3 {
		t.Errorf("%d with a race, %d of %d excluded, %d not valid: that shows little", racy, excluded, free, invalid)
	}
}

var stored = regexp.MustCompile(`(?m)^(\t+[a-z]\w* (?:=|\+=) )(\d+)$`)

// open makes calls unknown: a statement here and there, and a number that is
// stored.
func open(src string, r *rand.Rand) string {
	var b strings.Builder
	for line := range strings.Lines(strings.Replace(src, "package p\n", "package p\n\nimport \"os\"\n", 1) + "\nvar _ = os.Getpid\n") {
		if r.IntN(6) == 0 {
			line = stored.ReplaceAllString(line, "${1}${2} + os.Getpid()*0")
		}
		b.WriteString(line)
		if strings.HasPrefix(line, "\t") && strings.HasSuffix(line, "{\n") && !strings.Contains(line, "switch") && !strings.Contains(line, "select") && !strings.Contains(line, "struct") && r.IntN(2) == 0 {
			b.WriteString("\tos.Getenv(\"A\")\n")
		}
	}
	return b.String()
}

// What is given to a function that is not known.
func TestExploreAround(t *testing.T) {
	for _, test := range []struct {
		name, src string
		excluded  bool
		reason    string
	}{
		{"a winner", `import ("os"; "sync/atomic")
func Run(name string, work func(string) int) {
	var won atomic.Bool
	res := 0
	println(res)
	for range 2 { go func() { n := work(name); os.Remove(name); if won.CompareAndSwap(false, true) { res = n } }() }
}`, true, ""},
		{"two winners", `import ("os"; "sync/atomic")
func Run(name string) {
	var won atomic.Bool
	res := 0
	for range 2 { go func() { _, err := os.ReadFile(name); if err != nil || won.CompareAndSwap(false, true) { res++ } }() }
}`, false, ""},
		{"a pointer", `import ("encoding/json"; "sync")
func Run(b []byte) {
	var mu sync.Mutex
	n := 0
	go func() { mu.Lock(); json.Unmarshal(nil, &n); mu.Unlock() }()
	mu.Lock(); n++; mu.Unlock()
}`, false, "a function that is not known is given an object"},
		{"a slice", `import ("sort"; "sync")
func Run() {
	var mu sync.Mutex
	s := []int{2, 1}
	go func() { sort.Ints(s); mu.Lock(); mu.Unlock() }()
	s = nil
}`, false, "a function that is not known is given a slice"},
		{"a function", `func Run(do func(func())) {
	n := 0
	do(func() { n++ })
	n++
}`, false, "a function that is not known is given memory"},
		{"an object with methods", `import "errors"
type e struct{ n *int }
func (x e) Error() string { *x.n++; return "" }
func Run(log func(error)) {
	n := 0
	go log(e{&n})
	n++
	_ = errors.New
}`, false, "a function that is not known is given an object"},
		{"a callback that may use a variable of the package", `var n int
func Run(work func()) { go func() { n++ }(); work() }`, false, "a function value that is not known, and package variables"},
		{"a panic that is recovered from", `import "os"
func Run() {
	n := 0
	done := make(chan bool)
	go func() { defer func() { recover(); n++; close(done) }(); os.Getwd() }()
	<-done
	println(n)
}`, false, "a panic of a function that is not known, which is recovered from"},
		{"the same, and nothing else ends the goroutine", `import "os"
func Run() {
	n := 0
	go func() { defer func() { recover(); n++ }(); for { os.Getwd() } }()
	println(n)
}`, false, "a panic of a function that is not known, which is recovered from"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pkg, _, err := build("package p\n" + test.src)
			if err != nil {
				t.Fatal(err)
			}
			r := exact.ExploreAround(pkg.Func("Run"))
			if excluded := r.Complete && !r.Fails && len(r.Races) == 0; excluded != test.excluded || r.Reason != test.reason {
				t.Errorf("excluded %t, reason %q, races %v; want %t, %q", excluded, r.Reason, r.Races, test.excluded, test.reason)
			}
		})
	}
}
