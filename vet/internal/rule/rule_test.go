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
	if got := r.Explain(); !strings.Contains(got, "Rust: E0277, must_use\n\nThe reasons.\n\nWrong:\n\n\tgo wrong()\n") {
		t.Errorf("Explain:\n%s", got)
	}
}

func TestParsePanicsOnAMissingPart(t *testing.T) {
	for _, part := range []string{"Package demo ", "Rust: ", "# Wrong", "# Right"} {
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
