package tour

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/examples/rejected"
)

// A Lesson is one passage with its programs.
type Lesson struct {
	Name    string // as in the terminal: ch1-08-mutex
	Title   string
	Chapter string // the heading under which it is listed
	Text    []string
	Sheets  []Sheet
	// ReadsInput says that the first sheet reads its standard input.
	ReadsInput bool
}

// A Sheet is a program of one file, and what can be done with it.
type Sheet struct {
	Label  string // of its tab
	Source string
	Tools  []Tool // what the reader is offered beside Run, or instead of it
	// Check, if it is not "", is what an exercise has to pass.
	Check Tool
	// Hidden is the part of an exercise that is not to be changed: a second file.
	Hidden string
	helped bool // it uses what the book's programs share
}

// A Tool is something that can be done with a sheet.
type Tool string

// The tools.
const (
	Run       Tool = "run"
	Race      Tool = "race"
	Vet       Tool = "vet"
	Schedules Tool = "schedules"
	Prove     Tool = "prove"
	Model     Tool = "model"
)

// sheetKinds say what the files of a lesson are.
var sheetKinds = map[string]struct {
	label string
	tools []Tool
}{
	"program.go":  {"program", []Tool{Run, Vet, Schedules}},
	"model.go":    {"small, for model", []Tool{Run, Vet, Model}},
	"plain.go":    {"plain Go, for prove", []Tool{Run, Vet, Schedules, Prove}},
	"rejected.go": {"program", []Tool{Run, Vet}},
	"race.go":     {"program", []Tool{Run, Race, Vet, Schedules, Prove}},
}

//go:embed lessons/*.txt
var lessonFiles embed.FS

// Lessons returns the whole tour in its order.
func Lessons() ([]Lesson, error) {
	var all []Lesson
	programs := book.Programs()
	for _, part := range contents {
		for name := range strings.FieldsSeq(part.lessons) {
			l := Lesson{Name: name, Chapter: part.heading}
			if i := slices.IndexFunc(programs, func(p book.Program) bool { return p.Name == name }); i >= 0 {
				p := programs[i]
				l.Title, l.Text, l.ReadsInput = p.Title, []string{p.Shows}, p.ReadsInput
				l.Sheets = []Sheet{bookSheet(p)}
			}
			if err := l.read(); err != nil {
				return nil, err
			}
			all = append(all, l)
		}
	}
	for _, p := range rejected.Programs() {
		all = append(all, rejectedLesson(p))
	}
	return all, nil
}

// bookSheet is a program of the book with the main function that it has here.
func bookSheet(p book.Program) Sheet {
	source := strings.Replace(p.Source, "package book\n", "package main\n", 1)
	name := mainFunction(source)
	source += fmt.Sprintf("\nfunc main() { run(%s) } // run gives it a context, the input and the output\n", name)
	kind := sheetKinds["program.go"]
	return Sheet{Label: kind.label, Source: source, Tools: kind.tools, helped: true}
}

// mainFunction is the name of the first function with the parameters of a program.
func mainFunction(source string) string {
	for line := range strings.Lines(source) {
		if rest, ok := strings.CutPrefix(line, "func "); ok && strings.Contains(line, "out *Stdout) {") {
			name, _, _ := strings.Cut(rest, "(")
			if name != "" && name[0] >= 'A' && name[0] <= 'Z' {
				return name
			}
		}
	}
	panic("tour: a program of the book has no main function") // a test of package book asserts that each has
}

func rejectedLesson(p rejected.Program) Lesson {
	kind := sheetKinds["rejected.go"]
	text := []string{"Rust's compiler: " + p.Rust + ". Go compiles the program. The rule `" + p.Rule + "` of `fearless vet` says:"}
	for _, f := range p.Findings() {
		text = append(text, "> "+f)
	}
	text = append(text, "Press vet to see it at its line. Then mend the program until vet has nothing more to say.")
	return Lesson{
		Name: "rejected-" + p.Name, Title: strings.ToUpper(p.Title[:1]) + p.Title[1:], Chapter: "What Rust refuses", Text: text,
		Sheets: []Sheet{{Label: kind.label, Source: p.Source, Tools: kind.tools}},
	}
}

// read adds what the lesson's file has: a title, a text, and sheets behind
// lines "-- NAME --", as in golang.org/x/tools/txtar.
func (l *Lesson) read() error {
	data, err := lessonFiles.ReadFile(path.Join("lessons", l.Name+".txt"))
	if err != nil {
		if len(l.Sheets) > 0 {
			return nil // the words of the terminal's tour
		}
		return fmt.Errorf("tour: lesson %s: %w", l.Name, err)
	}
	text, files := parseArchive(string(data))
	if title, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(title, "# ") {
		l.Title, text = title[2:], rest
	}
	l.Text = paragraphs(text)
	for _, f := range files {
		if err := l.add(f); err != nil {
			return err
		}
	}
	if l.Title == "" || len(l.Text) == 0 || len(l.Sheets) == 0 {
		return fmt.Errorf("tour: lesson %s has no title, no text, or no program", l.Name)
	}
	return nil
}

func (l *Lesson) add(f archived) error {
	name, label, _ := strings.Cut(f.name, " ")
	if name == "hidden.go" && len(l.Sheets) > 0 {
		l.Sheets[len(l.Sheets)-1].Hidden = f.text
		return nil
	}
	s := Sheet{Label: label, Source: f.text}
	if check, ok := strings.CutPrefix(name, "exercise-"); ok {
		s.Check = Tool(strings.TrimSuffix(check, ".go"))
		s.Tools = []Tool{s.Check}
		if s.Label == "" {
			s.Label = "exercise"
		}
	} else {
		kind, ok := sheetKinds[name]
		if !ok {
			return fmt.Errorf("tour: lesson %s: unknown kind of sheet %q", l.Name, name)
		}
		s.Tools = kind.tools
		if s.Label == "" {
			s.Label = kind.label
		}
	}
	l.Sheets = append(l.Sheets, s)
	return nil
}

// archived is one file in the text of a lesson.
type archived struct{ name, text string }

func parseArchive(data string) (text string, files []archived) {
	for line := range strings.Lines(data) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(name, " --") {
			files = append(files, archived{name: strings.TrimSuffix(name, " --")})
			continue
		}
		if n := len(files); n > 0 {
			files[n-1].text += line
		} else {
			text += line
		}
	}
	return text, files
}

// paragraphs are what empty lines divide, each as one line.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// find returns the lesson called name, and its place.
func find(lessons []Lesson, name string) (int, error) {
	i := slices.IndexFunc(lessons, func(l Lesson) bool { return l.Name == name })
	if i < 0 {
		return 0, fmt.Errorf("tour: no lesson is called %q: %w", name, fs.ErrNotExist)
	}
	return i, nil
}
