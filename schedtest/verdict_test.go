package schedtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/schedtest"
)

func result(v schedtest.Verdict) schedtest.TestResult {
	t := schedtest.TestResult{Package: "p", Test: "Test" + string(v), Verdict: v}
	switch v {
	case schedtest.Failed:
		t.Finding = &schedtest.Finding{Kind: schedtest.Deadlock, Message: "m"}
	case schedtest.Undecided, schedtest.Unsuitable:
		t.Reason = "because of " + string(v)
	}
	return t
}

func TestTheWorstVerdictIsTheReports(t *testing.T) {
	const proven, passed, unsuitable, undecided, failed = schedtest.Proven, schedtest.Passed, schedtest.Unsuitable, schedtest.Undecided, schedtest.Failed
	for _, c := range []struct {
		of     []schedtest.Verdict
		want   schedtest.Verdict
		status int
	}{
		{nil, passed, 0},
		{[]schedtest.Verdict{proven, proven}, proven, 0},
		{[]schedtest.Verdict{proven, passed}, passed, 0},
		{[]schedtest.Verdict{unsuitable, passed}, unsuitable, 3},
		{[]schedtest.Verdict{undecided, unsuitable, proven}, undecided, 3},
		{[]schedtest.Verdict{undecided, failed}, failed, 1},
		{[]schedtest.Verdict{""}, passed, 0},
		{[]schedtest.Verdict{"of a later version"}, "of a later version", 3},
	} {
		var r schedtest.Report
		for _, v := range c.of {
			r.Results = append(r.Results, result(v))
		}
		if got := r.Verdict(); got != c.want || got.ExitStatus() != c.status {
			t.Errorf("%q: %q, status %d; want %q, %d", c.of, got, got.ExitStatus(), c.want, c.status)
		}
	}
	if got := (&schedtest.Report{Interrupted: true}).Verdict(); got != undecided {
		t.Errorf("an interrupted run is %q, want %q", got, undecided)
	}
}

func TestEveryFormatCarriesTheVerdict(t *testing.T) {
	r := schedtest.Report{}
	for _, v := range []schedtest.Verdict{schedtest.Proven, schedtest.Passed, schedtest.Unsuitable, schedtest.Undecided, schedtest.Failed} {
		r.Results = append(r.Results, result(v))
	}
	var text, asJSON, junit bytes.Buffer
	if err := r.WriteText(&text, true); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&asJSON); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJUnit(&junit); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--- PROVEN: Testproven", "--- PASS: Testpassed", "--- UNSUITABLE: Testunsuitable", "--- UNDECIDED: Testundecided", "--- FAIL: Testfailed",
		"    because of undecided\n", "    because of unsuitable\n", "1 proven, 1 passed, 1 unsuitable, 1 undecided, 1 failed"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	var back struct {
		Verdict schedtest.Verdict
		Results []struct{ Verdict, Reason string }
	}
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || back.Verdict != schedtest.Failed || back.Results[3].Verdict != "undecided" || back.Results[3].Reason == "" {
		t.Errorf("%v: %+v of %s", err, back, asJSON.String())
	}
	for _, want := range []string{`failures="1" errors="2"`, `<error type="undecided" message="because of undecided">`, `<property name="verdict" value="proven">`} {
		if !strings.Contains(junit.String(), want) {
			t.Errorf("no %q in\n%s", want, junit.String())
		}
	}
}

func ExampleVerdict() {
	report := &schedtest.Report{Results: []schedtest.TestResult{
		{Package: "p", Test: "TestX", Verdict: schedtest.Passed},
		{Package: "p", Test: "TestY", Verdict: schedtest.Undecided, Reason: "each of 3 schedules took more than 10000000 steps: use -short"},
	}}
	fmt.Println(report.Verdict(), report.Verdict().ExitStatus())
	// Output: undecided 3
}
