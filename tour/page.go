package tour

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

var (
	//go:embed page/contents.html.tmpl
	contentsSource string
	//go:embed page/lesson.html.tmpl
	lessonSource string
	//go:embed page/style.css
	styleSource string
	//go:embed page/editor.js
	editorSource string
	//go:embed page/main.js
	mainSource string

	pageFuncs    = template.FuncMap{"paragraph": paragraph, "highlight": highlight, "words": toolWords}
	contentsPage = template.Must(template.New("contents").Funcs(pageFuncs).Parse(contentsSource))
	lessonPage   = template.Must(template.New("lesson").Funcs(pageFuncs).Parse(lessonSource))
)

// paragraph is a paragraph of a lesson as HTML: code stands between backquotes,
// and "> " begins what a tool has said.
func paragraph(text string) template.HTML {
	if said, ok := strings.CutPrefix(text, "> "); ok {
		return template.HTML("<blockquote>" + template.HTMLEscapeString(said) + "</blockquote>")
	}
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML("<p>" + b.String() + "</p>")
}

// toolWords is the tools of a sheet for the page's script.
func toolWords(s Sheet) string {
	var words []string
	for _, t := range s.Tools {
		words = append(words, string(t))
	}
	return strings.Join(words, " ")
}

// A chapterList is the lessons under one heading.
type chapterList struct {
	Heading string
	Lessons []Lesson
}

func (s *Server) showContents(w http.ResponseWriter, _ *http.Request) {
	var parts []chapterList
	for _, l := range s.lessons {
		if n := len(parts); n == 0 || parts[n-1].Heading != l.Chapter {
			parts = append(parts, chapterList{Heading: l.Chapter})
		}
		last := &parts[len(parts)-1]
		last.Lessons = append(last.Lessons, l)
	}
	show(w, contentsPage, parts)
}

func (s *Server) showLesson(w http.ResponseWriter, r *http.Request) {
	i, err := find(s.lessons, r.PathValue("name"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	data := struct {
		Lesson
		Number, Of     int
		Previous, Next *Lesson
	}{Lesson: s.lessons[i], Number: i + 1, Of: len(s.lessons)}
	if i > 0 {
		data.Previous = &s.lessons[i-1]
	}
	if i+1 < len(s.lessons) {
		data.Next = &s.lessons[i+1]
	}
	show(w, lessonPage, data)
}

func show(w http.ResponseWriter, page *template.Template, data any) {
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		http.Error(w, fmt.Sprintf("tour: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // a reader who has gone needs none
}
