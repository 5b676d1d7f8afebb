package trace

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// The page is put together from viewer/: what it knows (data.js), the picture
// (draw.js), and what a reader does with it (main.js).
var (
	//go:embed viewer/page.html.tmpl
	pageSource string
	//go:embed viewer/style.css
	styleSource string
	//go:embed viewer/data.js
	dataScript string
	//go:embed viewer/draw.js
	drawScript string
	//go:embed viewer/main.js
	mainScript string

	page = template.Must(template.New("trace").Parse(pageSource))
)

// WriteHTML writes t as one self-contained page that needs no network: time
// runs downward, each lane is a column, and edges are arrows. Beside it stand
// the source of the selected step, as far as its file can be read now, and who
// holds and awaits what. Without scripts the page is the text of
// [Trace.WriteText].
func (t *Trace) WriteHTML(w io.Writer) error { return WriteExecutions(w, []*Trace{t}) }

// WriteExecutions is [Trace.WriteHTML] for several executions of one program, at
// least one: a reader goes from one to the next. What they have in common, such as
// the detail, is that of the first, and so is the text for a browser without scripts.
func WriteExecutions(w io.Writer, all []*Trace) error {
	var views []*view
	for _, t := range all {
		if err := t.Check(); err != nil {
			return err
		}
		views = append(views, t.view())
	}
	t := all[0]
	var text strings.Builder
	if err := t.WriteText(&text); err != nil {
		return err
	}
	data, err := json.Marshal(views)
	if err != nil {
		return err
	}
	p := pageData{
		Title: clean(t.Headline), Why: cleanLines(t.Detail), How: clean(t.Replay), Told: t.Switches(), Text: text.String(),
		Style: template.CSS(styleSource),
		// json.Marshal escapes what could end the element.
		Data:   template.JS(data),
		Script: template.JS("(() => {\n" + dataScript + drawScript + mainScript + "})();\n"),
	}
	for i, l := range t.Lanes {
		if l.Program != "" {
			p.Program = append(p.Program, laneProgram{t.laneName(i), cleanLines(l.Program)})
		}
	}
	for _, s := range t.Steps {
		p.Failed = p.Failed || s.Flags&Failing != 0
	}
	return page.Execute(w, p)
}

// pageData is what the template places.
type pageData struct {
	Title, Why, How string
	Told            []string // the switches as sentences
	Text            string   // for a browser without scripts
	Failed          bool
	Program         []laneProgram
	Style           template.CSS
	Data, Script    template.JS
}

type laneProgram struct{ Name, Text string }

// view is what the page's script knows: the trace with short file names, texts
// made printable, and the sources.
type view struct {
	Title   string             `json:"title"`
	Kinds   []Kind             `json:"kinds"` // those that occur
	Lanes   []viewLane         `json:"lanes"`
	Steps   []viewStep         `json:"steps"`
	Edges   []Edge             `json:"edges"`
	Sources map[string][]chunk `json:"sources"`
}

type viewLane struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	End      string `json:"end,omitempty"`
	WaitsFor string `json:"waitsFor,omitempty"`
	HeldBy   []int  `json:"heldBy,omitempty"`
}

type viewStep struct {
	Lane   int      `json:"lane"`
	Pos    *viewPos `json:"pos,omitempty"`
	Op     string   `json:"op"`
	Value  string   `json:"value,omitempty"`
	Note   string   `json:"note,omitempty"`
	Object string   `json:"object,omitempty"`
	Effect Effect   `json:"effect,omitempty"`
	Flags  []string `json:"flags"`
	Title  string   `json:"title"` // everything that is known
}

type viewPos struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

func (t *Trace) view() *view {
	files, in := t.shortFiles(), t.incoming()
	v := &view{Title: clean(t.Headline), Kinds: t.kinds(), Lanes: []viewLane{}, Steps: []viewStep{}, Edges: append([]Edge{}, t.Edges...), Sources: t.sources(files)}
	for i, l := range t.Lanes {
		title := t.laneName(i)
		if p := place(l.Created, files); p != "" {
			title += ", created at " + p
		}
		if l.End != "" {
			title += ", " + clean(l.End)
		}
		v.Lanes = append(v.Lanes, viewLane{t.laneName(i), title, clean(l.End), clean(l.WaitsFor), l.HeldBy})
	}
	for i, s := range t.Steps {
		step := viewStep{
			Lane: s.Lane, Op: clean(s.Op), Value: clean(s.Value), Note: clean(s.Note),
			Object: clean(s.Object), Effect: s.Effect, Flags: s.Flags.names(), Title: t.stepTitle(i, in[i]),
		}
		if s.Pos.File != "" {
			step.Pos = &viewPos{files[s.Pos.File], s.Pos.Line}
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// kinds are those of the edges that occur.
func (t *Trace) kinds() []Kind {
	seen := make(map[Kind]bool)
	for _, e := range t.Edges {
		seen[e.Kind] = true
	}
	kinds := []Kind{}
	for k := range Kind(len(kindNames)) {
		if seen[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// stepTitle is everything that is known of a step, for its tooltip.
func (t *Trace) stepTitle(i int, in []Edge) string {
	s := t.Steps[i]
	lines := []string{fmt.Sprintf("%d %s: %s", i+1, t.laneName(s.Lane), opText(s))}
	if s.Pos.File != "" {
		at := fmt.Sprintf("at %s:%d", clean(s.Pos.File), s.Pos.Line)
		if s.Pos.Func != "" {
			at += " in " + clean(s.Pos.Func)
		}
		lines = append(lines, at)
	}
	if remarks := t.remarks(s, in); remarks != "" {
		lines = append(lines, remarks)
	}
	return strings.Join(lines, "\n")
}

// opText is the operation and what came of it, in full.
func opText(s Step) string {
	if s.Value == "" {
		return clean(s.Op)
	}
	return clean(s.Op) + " = " + clean(s.Value)
}
