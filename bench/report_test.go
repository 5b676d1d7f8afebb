package bench

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sample() *Report {
	return &Report{Go: "go1.x", Processor: "a <processor>", Runs: 3, Results: []Result{
		{Name: "mutex/plain", Unit: "ns/op", Targets: []TargetResult{{Of: "sync.Mutex", Most: 1.05, Ratio: 0.5}}, Measurements: []Measurement{
			{By: Ours, Median: 2, Ratio: 1}, {By: "sync.Mutex", Median: 4, Ratio: 0.5}, {By: "other", Median: 8, Ratio: 0.25},
		}},
		{Name: "mutex/slow", Unit: "ns/op", Targets: []TargetResult{{Of: "sync.Mutex", Most: 1, Ratio: 2, Excess: 4, Limit: "Because."}}, Measurements: []Measurement{
			{By: Ours, Median: 8, Ratio: 1}, {By: "sync.Mutex", Median: 4, Ratio: 2}, {By: "Rust", Median: 1, Ratio: 8, Apart: true},
		}},
		{Name: "atomic/a", Unit: "ns/op", Targets: []TargetResult{{Of: "a loop", Most: 1, Ratio: 1.1, Excess: 0.2, Limit: "A call."}}, Measurements: []Measurement{
			{By: Ours, Median: 2.2, Ratio: 1}, {By: "a loop", Median: 2, Ratio: 1.1},
		}},
		{Name: "atomic/b", Unit: "ns/op", Targets: []TargetResult{{Of: "a loop", Most: 1, Ratio: 1.2, Excess: 0.4, Limit: "A call."}}, Measurements: []Measurement{
			{By: Ours, Median: 2.4, Ratio: 1}, {By: "a loop", Median: 2, Ratio: 1.2},
		}},
	}}
}

func TestTheBestRivalIsTheFastestInTurns(t *testing.T) {
	for i, want := range []int{1, 1, 1, 1} {
		if got := sample().Results[i].Best(); got != want {
			t.Errorf("%s: best is %d, want %d", sample().Results[i].Name, got, want)
		}
	}
}

func TestReadmeGetsTables(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("before\n"+tablesBegin+"\nold\n"+tablesEnd+"\nafter\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second update replaces the first
		if err := sample().UpdateReadme(file); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	for _, want := range []string{"before\n", "\nafter\n", "medians of 3 runs", "| 0.50 | ≤ 1.05 | met |", "2.00 of sync.Mutex, target 1.00. Because.",
		"- `atomic/a` 1.10 of a loop (1.00), `atomic/b` 1.20 of a loop (1.00). A call.\n"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is not in it once:\n%s", want, text)
		}
	}
	if strings.Contains(text, "old") {
		t.Error("the old tables are still there")
	}
}

func TestReadmeWithoutMarksIsLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := sample().UpdateReadme(file); !errors.Is(err, ErrNoMarks) {
		t.Errorf("%v, want ErrNoMarks", err)
	}
	if got, _ := os.ReadFile(file); string(got) != "text" {
		t.Errorf("it became %q", got)
	}
}

func TestPictureEscapesAndColors(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a &lt;processor&gt;", faster, slower, "2.00× of sync.Mutex", "0.50× of sync.Mutex"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

func TestRustsLinesAreAdded(t *testing.T) {
	r := sample()
	if err := r.addRust([]byte("mutex/plain 4.0\n")); err != nil {
		t.Fatal(err)
	}
	if got := r.Results[0].of("Rust"); got.Median != 4 || got.Ratio != 0.5 || !got.Apart {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"mutex/plain", "mutex/plain fast", "no/such/case 4.0"} {
		if err := r.addRust([]byte(bad)); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPairedRatioIgnoresADrift(t *testing.T) {
	ours, theirs := []float64{1, 2, 40, 8, 16}, []float64{2, 4, 8, 16, 32}
	if got := pairedRatio(ours, theirs); got != 0.5 {
		t.Errorf("%v, want 0.5", got)
	}
	if got := pairedRatio([]float64{0, 0, 0}, []float64{0, 0, 0}); got != 1 {
		t.Errorf("nothing by nothing: %v, want 1", got)
	}
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		ratio, most, excess float64
		want                Verdict
	}{
		{0.9, 1, -1, Met},
		{1.004, 1, 0.4, Met},
		{1.02, 1, 20, Even}, // 2 % of a microsecond
		{2, 1, 0.3, Even},   // a cycle
		{1.1, 1, 0.6, Missed},
		{2, 1, 30, Missed},
	} {
		if got := (TargetResult{Ratio: test.ratio, Most: test.most, Excess: test.excess}).Verdict(); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
