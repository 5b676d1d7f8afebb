package schedtest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// reportFormat marks the JSON of a report.
const reportFormat = "fearless-test/1"

// WriteJSON writes the report as one JSON object, for machines and for Merge.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	for i := range r.Results {
		r.Results[i].Verdict = r.Results[i].verdict()
	}
	return enc.Encode(struct {
		Format  string  `json:"format"`
		Verdict Verdict `json:"verdict"`
		*Report
	}{reportFormat, r.Verdict(), r})
}

// A MergeError reports a file that is not a report, or one that does not
// belong to the others.
type MergeError struct {
	File string
	Err  error
}

func (e *MergeError) Error() string { return "cannot merge " + e.File + ": " + e.Err.Error() }
func (e *MergeError) Unwrap() error { return e.Err }

// Merge reads the reports *.json in dir, as the shards of one run wrote them
// with WriteJSON, and adds them up. Of several findings of one test it keeps
// the one with the fewest switches. Its error may be a *MergeError.
func Merge(dir string) (*Report, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no *.json in %s: write one there from each shard, with -json", dir)
	}
	var sum *Report
	at := map[string]int{}
	var parts shards
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var r struct {
			Format string `json:"format"`
			Report
		}
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, &MergeError{name, err}
		}
		if r.Format != reportFormat {
			return nil, &MergeError{name, fmt.Errorf("its format is %q, not %q", r.Format, reportFormat)}
		}
		if sum == nil {
			sum = &Report{Go: r.Go, Race: r.Race, Strategy: r.Strategy}
		}
		if r.Race != sum.Race {
			return nil, &MergeError{name, fmt.Errorf("it was run with -race=%t, the others with -race=%t", r.Race, sum.Race)}
		}
		for _, shard := range r.Shards {
			if err := parts.add(shard, name); err != nil {
				return nil, &MergeError{name, err}
			}
		}
		sum.Shards = append(sum.Shards, r.Shards...)
		sum.Interrupted = sum.Interrupted || r.Interrupted
		sum.Elapsed += r.Elapsed
		for _, p := range r.NoTests {
			if !slices.Contains(sum.NoTests, p) {
				sum.NoTests = append(sum.NoTests, p)
			}
		}
		for _, t := range r.Results {
			key := t.Package + " " + t.Test
			i, ok := at[key]
			if !ok {
				at[key] = len(sum.Results)
				sum.Results = append(sum.Results, t)
				continue
			}
			sum.Results[i].add(t)
		}
	}
	slices.Sort(sum.Shards)
	sum.shardsOf = parts.of
	return sum, nil
}

func (t *TestResult) add(u TestResult) {
	if u.verdict().rank() > t.verdict().rank() {
		t.Reason = u.Reason
	}
	t.Verdict = worse(t.verdict(), u.verdict())
	t.Schedules += u.Schedules
	t.Steps += u.Steps
	t.Elapsed += u.Elapsed
	t.Complete = t.Complete || u.Complete
	t.External = t.External || u.External
	t.Skipped = t.Skipped && u.Skipped
	for _, n := range u.Notes {
		if !slices.Contains(t.Notes, n) {
			t.Notes = append(t.Notes, n)
		}
	}
	if u.Finding != nil && (t.Finding == nil || u.Finding.Exact && (!t.Finding.Exact || u.Finding.Switches < t.Finding.Switches)) {
		t.Finding = u.Finding
	}
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Verdict junitProperty `xml:"properties>property"`
	Skipped *struct{}     `xml:"skipped"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Error   *junitFailure `xml:"error,omitempty"` // undecided or unsuitable
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report as JUnit XML, a suite for each package.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Time: fmt.Sprintf("%.3f", r.Elapsed.Seconds())}
	at := map[string]int{}
	elapsed := []float64{}
	for _, t := range r.Results {
		i, ok := at[t.Package]
		if !ok {
			i = len(all.Suites)
			at[t.Package] = i
			all.Suites = append(all.Suites, junitSuite{Name: t.Package})
			elapsed = append(elapsed, 0)
		}
		s := &all.Suites[i]
		c := junitCase{Class: t.Package, Name: t.Test, Time: fmt.Sprintf("%.3f", t.Elapsed.Seconds()),
			Verdict: junitProperty{"verdict", string(t.verdict())}}
		if c.Name == "" {
			c.Name = "package"
		}
		if t.Skipped {
			c.Skipped = &struct{}{}
			s.Skipped++
		}
		var b bytes.Buffer
		switch writeResult(&b, t, false); {
		case t.Finding != nil:
			c.Failure = &junitFailure{Type: string(t.Finding.Kind), Message: xmlText(t.Finding.Message), Text: xmlText(b.String())}
			s.Failures++
			all.Failures++
		case t.verdict().ExitStatus() != 0:
			c.Error = &junitFailure{Type: string(t.verdict()), Message: xmlText(t.Reason), Text: xmlText(b.String())}
			s.Errors++
			all.Errors++
		}
		s.Tests++
		all.Tests++
		elapsed[i] += t.Elapsed.Seconds()
		s.Time = fmt.Sprintf("%.3f", elapsed[i])
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "\t")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText drops what XML 1.0 cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// WriteHTML writes the first finding's schedule as a swim-lane picture. It
// reports whether there was one to draw.
func (r *Report) WriteHTML(w io.Writer) (bool, error) {
	for _, t := range r.Results {
		if t.Finding != nil && t.Finding.Trace != nil {
			return true, t.Finding.Trace.WriteHTML(w)
		}
	}
	return false, nil
}
