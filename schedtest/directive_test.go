package schedtest_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

const asking = `package m

import (
	"sync/atomic"
	"testing"
	"time"
)

// TestSwap is proven: two goroutines, each order.
//
//fearless:prove
func TestSwap(t *testing.T) {
	var x atomic.Int64
	done := make(chan bool)
	go func() { x.Swap(1); done <- true }()
	x.Swap(2)
	<-done
}

//fearless:prove
func TestMap(t *testing.T) {
	for range map[int]int{1: 1, 2: 2} {
	}
}

//fearless:prove -time ideal
func TestIdeal(t *testing.T) {
	start := time.Now()
	time.Sleep(time.Second)
	if time.Since(start) > time.Minute {
		t.Fatal("late")
	}
}

//fearless:prove
func TestSkips(t *testing.T) { t.Skip("not today") }

//fearless:skip it listens on a port
func TestPort(t *testing.T) { t.Fatal("run") }

//fearless:prove
func FuzzX(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, n int) {}) }

//fearless:prove
func ExampleX() {
	// Output:
}

func TestPlain(t *testing.T) {}
`

func TestDirectivesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	opts := module(t, map[string]string{"m_test.go": asking})
	opts.Schedules = 20
	want := map[string]schedtest.Verdict{"TestSwap": schedtest.Proven, "TestMap": schedtest.Undecided, "TestIdeal": schedtest.Proven,
		"TestSkips": schedtest.Passed, "TestPort": schedtest.Passed, "FuzzX": schedtest.Proven, "ExampleX": schedtest.Proven, "TestPlain": schedtest.Passed}
	report := run(t, opts)
	if len(report.Results) != len(want) {
		t.Errorf("%d results", len(report.Results))
	}
	for _, r := range report.Results {
		if r.Verdict != want[r.Test] {
			t.Errorf("%s is %s (%s), want %s", r.Test, r.Verdict, r.Reason, want[r.Test])
		}
		if asked := r.Test != "TestPort" && r.Test != "TestPlain"; r.MustProve != asked {
			t.Errorf("%s: must be proven: %t", r.Test, r.MustProve)
		}
		if r.Proof != nil && strings.Contains(r.Proof.Bound, "assuming") {
			t.Errorf("%s: a proof without the race detector: %s", r.Test, r.Proof.Bound)
		}
	}
	if report.Verdict() != schedtest.Failed {
		t.Errorf("all in all %s: what must be proven and is undecided fails the run", report.Verdict())
	}
	var text bytes.Buffer
	if err := report.WriteText(&text, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--- PROVEN: TestSwap", "--- UNDECIDED: TestMap", "it must be proven: //fearless:prove stands above it",
		"--- SKIP: TestPort", "not run under chosen schedules: it listens on a port", "--- SKIP: TestSkips",
		"computing takes no time", "1 skipped\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	opts.Run = "^Test(Port|Ideal|Plain)$"
	if report := prove(t, opts); report.Verdict() != schedtest.Passed || len(report.Results) != 3 {
		t.Errorf("prove: %s, %+v", report.Verdict(), report.Results)
	}
}

// Each of these comments would do nothing, or not what is meant.
func TestDirectivesThatAreWrong(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("package m\n\nimport \"testing\"\n\ntype s struct{}\n\n")
	want := map[string]string{}
	add := func(comment, decl, why string) {
		name := fmt.Sprintf("T%02d", len(want))
		decl = strings.ReplaceAll(decl, "T00", name)
		want[comment+"\n"+decl] = why
		fmt.Fprintf(&text, "%s\n%s\n\n", comment, decl)
	}
	const test = "func TestT00(t *testing.T) {}"
	for _, c := range []string{"// fearless:prove", "//fearless: prove", "//Fearless:prove", "//fearless:Prove", "//fearless:proves", "//fearless:proof",
		"//fearless:porve", "//fearless:provee", "//fearless:prve", "//fearless:prove,", "/*fearless:prove*/"} {
		add(c, test, "write //fearless:prove")
	}
	add("// fearless:skip flaky", test, "write //fearless:skip")
	add("//fearless:skip", test, "say why")
	add("//fearless:skip  ", test, "say why")
	add("//fearless:prove -time late", test, "any or ideal")
	add("//fearless:prove please", test, "takes nothing")
	add("//fearless:prove\n//fearless:prove", test, "has //fearless:prove already")
	add("//fearless:skip slow\n//fearless:prove", test, "has //fearless:skip already")
	add("//fearless:prove", "func BenchmarkT00(b *testing.B) {}", "is a benchmark")
	add("//fearless:prove", "func (s) TestT00(t *testing.T) {}", "is a method")
	add("//fearless:prove", "func testT00(t *testing.T) {}", "is no test")
	add("//fearless:prove", "func TestmeT00(t *testing.T) {}", "is no test")
	add("//fearless:prove", "func ExampleT00() {}", "no Output comment")
	add("//fearless:prove", "var x T00x\ntype T00x int", "stands above no function")
	add("//fearless:prove", "\nfunc TestT00(t *testing.T) {}", "stands above no function")
	add("//fearless:prove", "func TestMain(m *testing.M) { m.Run() }", "TestMain is no test")
	text.WriteString("// The comment //fearless:prove in a sentence, //fearless:ignore and fearless:other are none.\nfunc TestFine(t *testing.T) {}\n")

	opts := module(t, map[string]string{"m_test.go": text.String()})
	_, err := schedtest.Run(t.Context(), opts)
	var fault *schedtest.DirectiveError
	if !errors.As(err, &fault) || fault.Line == 0 || fault.Text == "" {
		t.Fatalf("the error is %v", err)
	}
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	if len(lines) != len(want) {
		t.Errorf("%d faults, want %d:\n%v", len(lines), len(want), err)
	}
	source := strings.Split(text.String(), "\n")
	for input, why := range want {
		comment := strings.Split(input, "\n")
		found := false
		for i := range source {
			if strings.HasPrefix(strings.Join(source[i:], "\n"), input) {
				at := i + 1
				if strings.HasPrefix(comment[1], "//") {
					at++
				}
				for _, line := range lines {
					found = found || strings.Contains(line, fmt.Sprintf("m_test.go:%d: ", at)) && strings.Contains(line, why)
				}
			}
		}
		if !found {
			t.Errorf("no error with %q for\n%s\nin\n%v", why, input, err)
		}
	}
}
