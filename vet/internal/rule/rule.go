// Package rule describes what a fearless vet analyzer reports, for
// "fearless vet -explain" and for the documentation.
package rule

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Note is the category of a diagnostic that is worth a look and no more: it
// does not count in the exit status.
const Note = "note"

// A Rule is one thing that Rust's compiler refuses and fearless vet reports.
type Rule struct {
	// Name is what stands in brackets behind a finding, and in
	// //fearless:ignore. It is the analyzer's name.
	Name string
	// Summary is one sentence: what is flagged.
	Summary string
	// Rust names the errors of Rust's compiler that the rule answers to,
	// such as "E0277"; a pitfall that Rust has as well is named in words.
	Rust []string
	// Text is the explanation, without the summary and the examples.
	Text string
	// Wrong and Right are code before and after.
	Wrong, Right string
}

// Analyzer completes a: its name and documentation are the rule's. It
// returns a, so that an analyzer is declared in one expression.
func (r Rule) Analyzer(a *analysis.Analyzer) *analysis.Analyzer {
	a.Name = r.Name
	a.Doc = r.Name + ": " + r.Summary + "\n\n" + r.Text
	return a
}

// Explain is the rule as text for a terminal.
func (r Rule) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Name, r.Summary)
	fmt.Fprintf(&b, "Rust: %s\n", strings.Join(r.Rust, ", "))
	if r.Text != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Text)
	}
	fmt.Fprintf(&b, "\nWrong:\n\n%s\nRight:\n\n%s", indent(r.Wrong), indent(r.Right))
	return b.String()
}

func indent(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		if strings.TrimSpace(line) != "" {
			b.WriteString("\t")
		}
		b.WriteString(line)
	}
	return b.String()
}

// Parse reads a rule from the source text of a doc.go. Its package comment
// is
//
//	// Package NAME flags ... .
//	//
//	// Rust: E0277, E0373
//	//
//	// Any text.
//	//
//	// # Wrong
//	//
//	//	code
//	//
//	// # Right
//	//
//	//	code
//
// so that godoc and -explain tell the same. Parse panics when a part is
// missing: the source is embedded, so that this cannot happen to a user.
func Parse(src string) Rule {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", src, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		panic("rule: " + err.Error())
	}
	r, err := parse(f)
	if err != nil {
		panic(fmt.Sprintf("rule: doc.go of package %s %v", f.Name.Name, err))
	}
	return r
}

func parse(f *ast.File) (Rule, error) {
	r := Rule{Name: f.Name.Name}
	var p comment.Parser
	var printer comment.Printer
	var text []comment.Block
	section := ""
	for i, block := range p.Parse(f.Doc.Text()).Content {
		if h, ok := block.(*comment.Heading); ok {
			section = plain(h.Text)
			continue
		}
		if code, ok := block.(*comment.Code); ok && section == "Wrong" {
			r.Wrong += code.Text
			continue
		} else if ok && section == "Right" {
			r.Right += code.Text
			continue
		}
		words := ""
		if par, ok := block.(*comment.Paragraph); ok {
			words = plain(par.Text)
		}
		switch {
		case i == 0:
			summary, ok := strings.CutPrefix(words, "Package "+r.Name+" ")
			if !ok {
				return r, fmt.Errorf("does not open with \"Package %s \"", r.Name)
			}
			r.Summary = summary
		case strings.HasPrefix(words, "Rust: "):
			r.Rust = strings.Split(strings.TrimPrefix(words, "Rust: "), ", ")
		default:
			text = append(text, block)
		}
	}
	r.Text = strings.TrimSpace(string(printer.Text(&comment.Doc{Content: text})))
	switch {
	case len(r.Rust) == 0:
		return r, fmt.Errorf("has no paragraph \"Rust: ...\"")
	case r.Wrong == "" || r.Right == "":
		return r, fmt.Errorf("has no code under the heading Wrong or Right")
	}
	return r, nil
}

func plain(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.Link:
			b.WriteString(plain(t.Text))
		case *comment.DocLink:
			b.WriteString(plain(t.Text))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}
