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

// Categories of a diagnostic. One that has none of these, or none at all, has
// the confidence of its rule.
const (
	// Note is worth a look and no more: it does not count in the exit status.
	Note = "note"
	// Must says that every path and object that matters is known.
	Must = "must"

	may = "may: "
)

// May is the category of a diagnostic that is true if what is assumed is, as
// in "assumed that ...".
func May(assumed string) string { return may + assumed }

// Confidence is what the category of one of r's diagnostics says: nothing is
// assumed where the finding is certain.
func (r Rule) Confidence(category string) (must bool, assumed string) {
	switch {
	case category == Must:
		return true, ""
	case category == Note:
		return false, r.Assumed
	}
	if assumed, ok := strings.CutPrefix(category, may); ok {
		return false, assumed
	}
	return r.Assumed == "", r.Assumed
}

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
	// Assumed is what a finding takes for granted, "" if nothing. A finding
	// may say otherwise of itself.
	Assumed string
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
	if r.Assumed != "" {
		fmt.Fprintf(&b, "Confidence: may, assumed that %s; must, where a finding says so\n", r.Assumed)
	} else {
		b.WriteString("Confidence: must\n")
	}
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
//	// Confidence: may, assumed that ...
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
	section, confident := "", false
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
		case strings.HasPrefix(words, "Confidence: "):
			said, ok := strings.CutPrefix(words, "Confidence: may, assumed that ")
			if !ok && words != "Confidence: must" {
				return r, fmt.Errorf("has %q, which is neither \"must\" nor \"may, assumed that ...\"", words)
			}
			confident = true
			if ok {
				r.Assumed = said
			}
		default:
			text = append(text, block)
		}
	}
	r.Text = strings.TrimSpace(string(printer.Text(&comment.Doc{Content: text})))
	switch {
	case len(r.Rust) == 0:
		return r, fmt.Errorf("has no paragraph \"Rust: ...\"")
	case !confident:
		return r, fmt.Errorf("has no paragraph \"Confidence: ...\"")
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
