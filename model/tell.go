package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// A line is what a test tells "fearless model", in the file of -model.report.
type line struct {
	Package    string          `json:"package"`
	Test       string          `json:"test"`
	Executions int             `json:"executions"`
	Blocked    int             `json:"blocked"`
	Panicked   int             `json:"panicked,omitempty"`
	Over       float64         `json:"over"` // an estimate of how much is done, 0 to 1
	Seconds    float64         `json:"seconds"`
	Estimate   *Estimate       `json:"estimate,omitempty"`
	Done       bool            `json:"done"`
	Exhaustive bool            `json:"exhaustive"`
	Verdict    Verdict         `json:"verdict,omitempty"` // when it is done
	Unseen     []Unseen        `json:"unseen,omitempty"`
	Outcomes   map[string]int  `json:"outcomes,omitempty"`
	Failure    string          `json:"failure,omitempty"`
	Kind       string          `json:"kind,omitempty"`
	Replay     string          `json:"replay,omitempty"`
	Trace      json.RawMessage `json:"trace,omitempty"`
}

// estimated is e if it is one.
func estimated(e Estimate) *Estimate {
	if e.Walks == 0 {
		return nil
	}
	return &e
}

func finished(t testing.TB, r *Report, over float64) line {
	l := line{
		Executions: r.Executions, Blocked: r.Blocked, Panicked: r.Panicked, Over: over, Estimate: estimated(r.Estimate), Seconds: r.Elapsed.Seconds(), Done: true, Exhaustive: r.Exhaustive, Verdict: r.Verdict(), Outcomes: r.Outcomes, Unseen: r.Unseen,
	}
	if r.Exhaustive {
		l.Over = 1
	}
	if f := r.Failure; f != nil {
		l.Failure, l.Kind, l.Replay = f.Message, f.Kind.String(), f.Replay
		var b bytes.Buffer
		if f.trace != nil {
			if err := f.WriteJSON(&b); err != nil {
				t.Errorf("the execution cannot be written as JSON: %v", err)
			}
			l.Trace = b.Bytes()
		}
	}
	return l
}

// tell appends a line to the report.
func tell(t testing.TB, l line) {
	t.Helper()
	l.Test = t.Name()
	if info, ok := debug.ReadBuildInfo(); ok {
		l.Package = strings.TrimSuffix(info.Path, ".test")
	}
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(*flagReport, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(append(data, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}
