package schedtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// Each example is proven, and each of their broken twins refuted.
func TestExamplesAreProvenLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "two dozen proofs and failures, each in every schedule")
	opts := schedtest.Options{Dir: filepath.Join("..", "examples", "proven"), Race: true, Tags: "broken", Duration: 10 * time.Minute, NoMinimize: true}
	report := prove(t, opts)
	for _, r := range report.Results {
		want := schedtest.Proven
		if strings.HasSuffix(r.Test, "Broken") {
			want = schedtest.Failed
		}
		if r.Verdict != want {
			t.Errorf("%s is %s (%s), want %s", r.Test, r.Verdict, r.Reason, want)
		}
	}
	if len(report.Results) != 24 {
		t.Errorf("%d examples", len(report.Results))
	}
}

// The book's examples are proven, as README says: it has the whole output, with its
// executions, but for the time that each takes.
func TestBookIsProvenAsREADMESaysLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a dozen proofs, some of the library's own locks")
	opts := schedtest.Options{Dir: filepath.Join("..", "examples", "book"), Race: true, Duration: 10 * time.Minute}
	report := prove(t, opts)
	var b strings.Builder
	for _, r := range report.Results {
		if r.Verdict != schedtest.Proven {
			t.Errorf("%s is %s (%s)", r.Test, r.Verdict, r.Reason)
			continue
		}
		fmt.Fprintf(&b, "%s %d\n", r.Test, r.Proof.Executions)
	}
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "fearless prove ./examples/book\n")
	section, _, _ = strings.Cut(section, "\n\n")
	said := ""
	for _, m := range regexp.MustCompile(`--- PROVEN: (\w+) \(([0-9,]+) execution`).FindAllStringSubmatch(section, -1) {
		said += m[1] + " " + strings.ReplaceAll(m[2], ",", "") + "\n"
	}
	if said != b.String() {
		t.Errorf("README says\n%s\nand it is\n%s", said, &b)
	}
}

// The library's own types keep what they promise, as the table of PROVE.md says.
func TestOwnTypesAreProvenLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "some 25 proofs of the library as it ships")
	opts := schedtest.Options{Dir: "..", Patterns: []string{"./lock", "./thread", "./arc"}, Run: "Proven$", Race: true,
		Time: schedtest.TimeIdeal, Duration: 10 * time.Minute}
	report := prove(t, opts)
	table := ownTable(t)
	for _, r := range report.Results {
		pkg := strings.TrimPrefix(r.Package, "github.com/fearless-go/fearless/")
		if r.Verdict != schedtest.Proven {
			t.Errorf("%s.%s is %s (%s)", pkg, r.Test, r.Verdict, r.Reason)
			continue
		}
		name := fmt.Sprintf("%s %s", pkg, r.Test)
		if got := fmt.Sprint(r.Proof.Executions); table[name] != got {
			t.Errorf("%s has %s executions, and in PROVE.md %q", name, got, table[name])
		}
		delete(table, name)
	}
	for name := range table {
		t.Errorf("%s, which PROVE.md has, is no test", name)
	}
}

// ownTable returns the executions that PROVE.md says of the library's own tests.
func ownTable(t *testing.T) map[string]string {
	t.Helper()
	_, text, _ := strings.Cut(schedtest.Explanation, "<!-- own begin -->")
	text, _, whole := strings.Cut(text, "<!-- own end -->")
	if !whole {
		t.Fatal("PROVE.md has no table of the library's own tests")
	}
	table := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\w+) \| (\w+Proven) \| ([0-9,]+) \|`).FindAllStringSubmatch(text, -1) {
		table[m[1]+" "+m[2]] = strings.ReplaceAll(m[3], ",", "")
	}
	return table
}
