package rule_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/vet/internal/rule"
)

const doc = `// Package demo flags a demonstration that
// goes wrong.
//
// Rust: E0277, must_use
//
// Confidence: may, assumed that it is one
//
// The reasons.
//
// # Wrong
//
//	go wrong()
//
// # Right
//
//	right()
package demo
`

func TestParseReadsEveryPart(t *testing.T) {
	r := rule.Parse(doc)
	if r.Name != "demo" || r.Summary != "flags a demonstration that goes wrong." {
		t.Errorf("name %q, summary %q", r.Name, r.Summary)
	}
	if len(r.Rust) != 2 || r.Rust[0] != "E0277" || r.Rust[1] != "must_use" {
		t.Errorf("Rust %q", r.Rust)
	}
	if r.Text != "The reasons." || r.Wrong != "go wrong()\n" || r.Right != "right()\n" {
		t.Errorf("text %q, wrong %q, right %q", r.Text, r.Wrong, r.Right)
	}
	if got := r.Explain(); !strings.Contains(got, "Rust: E0277, must_use\nConfidence: may, assumed that it is one; must, where a finding says so\n\nThe reasons.\n\nWrong:\n\n\tgo wrong()\n") {
		t.Errorf("Explain:\n%s", got)
	}
}

func TestParsePanicsOnAMissingPart(t *testing.T) {
	for _, part := range []string{"Package demo ", "Rust: ", "Confidence: ", "may, assumed that ", "# Wrong", "# Right"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic without %q", part)
				}
			}()
			rule.Parse(strings.Replace(doc, part, "", 1))
		}()
	}
}

func TestConfidence(t *testing.T) {
	r := rule.Parse(doc)
	for _, c := range []struct {
		category, assumed string
		must              bool
	}{
		{"", "it is one", false},
		{"demo", "it is one", false},
		{rule.Note, "it is one", false},
		{rule.Must, "", true},
		{rule.May("it is another"), "it is another", false},
	} {
		if must, assumed := r.Confidence(c.category); must != c.must || assumed != c.assumed {
			t.Errorf("category %q: must %t, assumed %q", c.category, must, assumed)
		}
	}
	certain := rule.Parse(strings.Replace(doc, "may, assumed that it is one", "must", 1))
	if must, assumed := certain.Confidence("demo"); !must || assumed != "" {
		t.Errorf("a rule that assumes nothing: must %t, assumed %q", must, assumed)
	}
}
