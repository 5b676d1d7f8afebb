package check

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/vet"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

// A Position is a place in a source file. Line and Column count from 1,
// Column in bytes; it is 0 behind a //line comment that does not tell it. File is relative to Options.Dir if it lies below it.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func (p Position) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Related is a further place that a finding is about.
type Related struct {
	Position
	Message string `json:"message"`
}

// An Edit replaces the bytes Start to End (offsets) of File by New.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A Fix is a change that mends a finding.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// A Finding is one violation of one rule.
type Finding struct {
	Position
	End     Position  `json:"end"`
	Rule    string    `json:"rule"`
	Message string    `json:"message"`
	Related []Related `json:"related,omitempty"`
	Fixes   []Fix     `json:"fixes,omitempty"`
	// Confidence is "must" if every path and object that matters is known, or
	// "may". Assumed is what a "may" takes for granted.
	Confidence Confidence `json:"confidence"`
	Assumed    string     `json:"assumed,omitempty"`
	// Note tells that it is worth a look and no more: the exit status of
	// "fearless vet" does not count it.
	Note bool `json:"note,omitempty"`
}

// A Confidence is how certain a finding is.
type Confidence string

// The confidences.
const (
	// Must: every path and object that matters is known.
	Must Confidence = "must"
	// May: the finding is true if what it assumes is.
	May Confidence = "may"
)

// String is the line that a user sees: "file:line:col: message [rule]", with
// "note: " before the message of a note.
func (f Finding) String() string {
	if f.Note {
		return fmt.Sprintf("%s: note: %s [%s]", f.Position, f.Message, f.Rule)
	}
	return fmt.Sprintf("%s: %s [%s]", f.Position, f.Message, f.Rule)
}

// Print writes findings as text, each with its confidence and its related
// places below it.
func Print(w io.Writer, findings []Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintln(w, f); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "\t%s\n", f.confidence()); err != nil {
			return err
		}
		for _, r := range f.Related {
			if _, err := fmt.Fprintf(w, "\t%s: %s\n", r.Position, r.Message); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f Finding) confidence() string {
	if f.Assumed != "" {
		return fmt.Sprintf("confidence: %s, assumed that %s", f.Confidence, f.Assumed)
	}
	return fmt.Sprintf("confidence: %s", f.Confidence)
}

func (f Finding) compare(g Finding) int {
	return cmp.Or(
		cmp.Compare(f.File, g.File),
		cmp.Compare(f.Line, g.Line),
		cmp.Compare(f.Column, g.Column),
		cmp.Compare(f.Rule, g.Rule),
		cmp.Compare(f.Message, g.Message),
	)
}

const note = rule.Note

// diagnostic is a finding as a vet tool prints it.
type diagnostic struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	End      string `json:"end"`
	Message  string `json:"message"`
	Fixes    []struct {
		Message string `json:"message"`
		Edits   []struct {
			Filename   string `json:"filename"`
			Start, End int
			New        string
		} `json:"edits"`
	} `json:"suggested_fixes"`
	Related []struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	} `json:"related"`
}

func (d diagnostic) finding(rule, base string) Finding {
	confidence := Must
	must, assumed := ruleNamed(rule).Confidence(d.Category)
	if !must {
		confidence = May
	}
	f := Finding{
		Confidence: confidence,
		Assumed:    assumed,
		Position:   position(d.Posn, base),
		End:        position(d.End, base),
		Rule:       rule,
		Message:    strings.TrimSuffix(d.Message, suffix(rule)),
		Note:       d.Category == note,
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, Related{position(r.Posn, base), r.Message})
	}
	for _, fix := range d.Fixes {
		var edits []Edit
		for _, e := range fix.Edits {
			edits = append(edits, Edit{relative(e.Filename, base), e.Start, e.End, e.New})
		}
		f.Fixes = append(f.Fixes, Fix{fix.Message, edits})
	}
	return f
}

// ruleNamed is the rule of that name. What is none, such as "ignore", assumes
// nothing.
func ruleNamed(name string) vet.Rule {
	for _, r := range rules() {
		if r.Name == name {
			return r
		}
	}
	return vet.Rule{}
}

var rules = sync.OnceValue(vet.Rules)

// position parses "file:line:column" or "file:line"; the file may hold colons.
func position(s, base string) Position {
	var numbers []int
	for len(numbers) < 2 {
		at := strings.LastIndexByte(s, ':')
		if at < 0 {
			break
		}
		n, err := strconv.Atoi(s[at+1:])
		if err != nil {
			break
		}
		numbers, s = append([]int{n}, numbers...), s[:at]
	}
	numbers = append(numbers, 0, 0)
	return Position{relative(s, base), numbers[0], numbers[1]}
}

func relative(file, base string) string {
	if !filepath.IsAbs(file) {
		return file
	}
	if rel, err := filepath.Rel(base, file); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return file
}
