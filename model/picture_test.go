//go:build fearless_model

package model_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/model"
)

// The two accesses of a race are steps of its trace, and nothing leads from one
// to the other. What another thread did between them may.
func TestTraceShowsBothAccessesOfARace(t *testing.T) {
	r := model.Explore(publish(relaxed))
	if r.Failure == nil {
		t.Fatal("no failure")
	}
	var page bytes.Buffer
	if err := r.Failure.WriteJSON(&page); err != nil {
		t.Fatal(err)
	}
	tr, err := trace.ReadJSON(&page)
	if err != nil {
		t.Fatal(err)
	}
	var racing []int
	for i, s := range tr.Steps {
		if s.Flags&trace.Failing != 0 {
			racing = append(racing, i)
			if s.Pos.Line == 0 || !strings.HasSuffix(s.Op, " data") {
				t.Errorf("step %d is %+v", i, s)
			}
		}
	}
	if len(racing) != 2 || tr.Steps[racing[0]].Lane == tr.Steps[racing[1]].Lane {
		t.Fatalf("steps %v are marked, want one of each thread:\n%+v", racing, tr.Steps)
	}
	if ops := tr.Steps[racing[0]].Op + tr.Steps[racing[1]].Op; !strings.Contains(ops, "writes") || !strings.Contains(ops, "reads") {
		t.Errorf("the accesses are %q", ops)
	}
}
