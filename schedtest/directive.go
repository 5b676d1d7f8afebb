package schedtest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fearless-go/fearless/internal/trace"
)

// A DirectiveError reports a comment that is meant to be //fearless:prove or
// //fearless:skip and would do nothing, or something else than is meant.
type DirectiveError struct {
	File string
	Line int
	Text string // the comment
	Why  string // with what to do
}

func (e *DirectiveError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Text, e.Why)
}

// A directive is what a comment in the doc comment of a test function asks for:
//
//	//fearless:prove [-time any|ideal]
//	//fearless:skip reason
type directive struct {
	at    trace.Pos
	prove bool
	time  string // of prove: as Options.Time, "" if it does not say
	skip  string // the reason
}

// directives reads those of the tests in files, by the tests' names. What does
// not parse is left to the compiler's message.
func directives(files []string) (map[string]directive, error) {
	found := map[string]directive{}
	var faults []error
	fset := token.NewFileSet()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil || !strings.Contains(strings.ToLower(string(text)), "fearless:") {
			continue // the compiler says it better
		}
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		above := map[*ast.CommentGroup]*ast.FuncDecl{}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Doc != nil {
				above[fn.Doc] = fn
			}
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if err := readDirective(found, fset, file, above[group], c); err != nil {
					faults = append(faults, err)
				}
			}
		}
	}
	return found, errors.Join(faults...)
}

// readDirective adds what comment c, in the doc comment of fn or elsewhere if
// that is nil, asks for.
func readDirective(found map[string]directive, fset *token.FileSet, file *ast.File, fn *ast.FuncDecl, c *ast.Comment) error {
	word, rest, exact := cutDirective(c.Text)
	if word == "" {
		return nil
	}
	at := fset.Position(c.Pos())
	fault := func(format string, args ...any) error {
		text, _, _ := strings.Cut(c.Text, "\n")
		return &DirectiveError{File: at.Filename, Line: at.Line, Text: text, Why: fmt.Sprintf(format, args...)}
	}
	if !exact {
		return fault("this is an ordinary comment: write //fearless:%s, without a space before or behind the colon, in small letters", word)
	}
	if why := untestable(file, fn); why != "" {
		return fault("%s: put it into the comment above a test function", why)
	}
	d := found[fn.Name.Name]
	if d.at.File != "" {
		return fault("%s has //fearless:%s already: take one away", fn.Name.Name, map[bool]string{true: "prove", false: "skip"}[d.prove])
	}
	d.at = trace.Pos{File: at.Filename, Line: at.Line, Func: fn.Name.Name}
	switch args := strings.Fields(rest); {
	case word == "skip" && len(args) == 0:
		return fault("say why behind it: //fearless:skip reason")
	case word == "skip":
		d.skip = strings.TrimSpace(rest)
	case len(args) == 0:
		d.prove = true
	case len(args) == 1 && strings.HasPrefix(args[0], "-time="):
		d.prove, d.time = true, strings.TrimPrefix(args[0], "-time=")
	case len(args) == 2 && args[0] == "-time":
		d.prove, d.time = true, args[1]
	default:
		return fault("it takes nothing, or -time ideal")
	}
	if d.time != "" && d.time != TimeAny && d.time != TimeIdeal {
		return fault("-time is any or ideal")
	}
	found[fn.Name.Name] = d
	return nil
}

// cutDirective returns "prove" or "skip" if comment is that directive, or looks
// as if it was meant to be; exact is false then.
func cutDirective(comment string) (word, rest string, exact bool) {
	text := strings.TrimPrefix(comment, "//")
	if text == comment {
		text = strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	}
	head, tail, ok := strings.Cut(text, ":")
	if !ok || !strings.EqualFold(strings.TrimSpace(head), "fearless") {
		return "", "", false
	}
	name := strings.TrimLeft(tail, " \t")
	end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(name)
	}
	name, rest = name[:end], name[end:]
	for _, w := range []string{"prove", "skip"} {
		if typed(strings.ToLower(name), w) {
			exact = strings.HasPrefix(comment, "//fearless:"+w) && name == w && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
			return w, rest, exact
		}
	}
	return "", "", false
}

// typed reports whether text may be a misspelled word: another form of it, or one
// with a letter too many, too few, wrong, or in another's place.
func typed(text, word string) bool {
	switch text {
	case word, "proof", "proven", "proved", "proves", "skipped", "skips":
		return text == word || text[0] == word[0]
	}
	if len(text) < len(word)-1 || len(text) > len(word)+1 {
		return false
	}
	i := 0
	for i < len(text) && i < len(word) && text[i] == word[i] {
		i++
	}
	a, b := text[i:], word[i:]
	switch {
	case len(a) == len(b) && len(a) >= 2 && a[0] == b[1] && a[1] == b[0]:
		return a[2:] == b[2:]
	case len(a) == len(b):
		return a[1:] == b[1:]
	case len(a) > len(b):
		return a[1:] == b
	}
	return a == b[1:]
}

// untestable says why fn is none that is run under chosen schedules, or "".
func untestable(file *ast.File, fn *ast.FuncDecl) string {
	if fn == nil {
		return "it stands above no function"
	}
	name := fn.Name.Name
	switch {
	case fn.Recv != nil:
		return name + " is a method, which is no test of its own"
	case name == "TestMain":
		return "TestMain is no test"
	case nameOf(name, "Benchmark"):
		return name + " is a benchmark, which is not run under chosen schedules"
	case nameOf(name, "Test") || nameOf(name, "Fuzz"):
		return ""
	case !nameOf(name, "Example"):
		return name + " is no test"
	}
	for _, e := range doc.Examples(file) {
		if "Example"+e.Name == name && (e.Output != "" || e.EmptyOutput) {
			return ""
		}
	}
	return name + " has no Output comment, so that it is not run"
}

// nameOf reports whether go test takes name for one of the kind prefix.
func nameOf(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && !unicode.IsLower(r)
}

// readDirectives reads those of a package's tests.
func (t *target) readDirectives() (err error) {
	var files []string
	for _, name := range t.tests {
		if !filepath.IsAbs(name) {
			name = filepath.Join(t.dir, name)
		}
		files = append(files, name)
	}
	t.asks, err = directives(files)
	return err
}
