package trace

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// The measures of the picture, in pixels. A character of the monospaced
// font at 12 px is a little over 7 wide.
const (
	rowHeight    = 24
	charWidth    = 7.3
	dotRadius    = 5
	lanePadding  = 48 // the dot, and room for arrows between two lanes
	minLaneChars = 12
	maxLaneChars = 44
)

//go:embed trace.html.tmpl
var pageSource string

var page = template.Must(template.New("trace").Parse(pageSource))

// WriteHTML writes t as one self-contained page, without scripts: time runs
// downward, each lane is a column, and edges are arrows. Pointing at a step or
// at an arrow shows its text in full.
func (t *Trace) WriteHTML(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	return page.Execute(w, t.drawing())
}

// drawing is t with every coordinate computed; the template only places it.
type drawing struct {
	*Trace
	Title, Why, How string   // the headline, the detail and the replay string
	Told            []string // the switches as sentences
	Kinds           []Kind   // those that occur, for the legend
	Width, Height   int
	PlaceX          int
	Columns         []column
	Segments        []segment
	Arrows          []arrow
	Rows            []row
}

type column struct {
	X                int
	Name, Title, End string
	EndX, EndY       int
}

// A segment is the part of a lane between two of its steps.
type segment struct {
	X, Y1, Y2 int
	Class     string
}

type arrow struct {
	Kind  Kind
	Path  string
	Title string
}

type row struct {
	Number       int
	Place        string
	X, Y, TextX  int
	Op           string
	Class, Title string
	Failing      bool
}

func (t *Trace) drawing() *drawing {
	d := &drawing{
		Trace: t,
		Title: clean(t.Headline), Why: cleanLines(t.Detail), How: clean(t.Replay), Told: t.Switches(),
		Height: (len(t.Steps) + 2) * rowHeight,
	}
	files, in := t.shortFiles(), t.incoming()

	places := make([]string, len(t.Steps))
	widest := 0
	for i, s := range t.Steps {
		places[i] = cut(place(s.Pos, files), maxLaneChars)
		widest = max(widest, len(places[i]))
	}
	d.PlaceX = textWidth(digits(len(t.Steps))) + 12
	d.placeColumns(d.PlaceX+textWidth(widest)+lanePadding, files)

	previous := make([]int, len(t.Lanes)) // the row after the last step of each lane
	for i, s := range t.Steps {
		c := &d.Columns[s.Lane]
		if p := previous[s.Lane]; p > 0 {
			class := ""
			switch {
			case s.Flags&Preempted != 0:
				class = "preempted"
			case t.Steps[p-1].Flags&Blocked != 0:
				class = "blocked"
			}
			d.Segments = append(d.Segments, segment{c.X, rowY(p - 1), rowY(i), class})
		}
		previous[s.Lane] = i + 1
		c.EndY = rowY(i + 1)
		d.Rows = append(d.Rows, row{
			Number: i + 1, Place: places[i],
			X: c.X, Y: rowY(i), TextX: c.X + dotRadius + 12,
			Op:      cut(opText(s), maxLaneChars),
			Class:   strings.Join(s.Flags.names(), " "),
			Title:   t.stepTitle(i, in[i]),
			Failing: s.Flags&Failing != 0,
		})
	}
	d.placeArrows()
	return d
}

// placeColumns gives each lane the width of its longest operation.
func (d *drawing) placeColumns(x int, files map[string]string) {
	chars := make([]int, len(d.Lanes))
	for i, l := range d.Lanes {
		chars[i] = max(minLaneChars, len([]rune(d.laneName(i))), len([]rune(l.End)))
	}
	for _, s := range d.Steps {
		chars[s.Lane] = max(chars[s.Lane], len([]rune(opText(s))))
	}
	for i, l := range d.Lanes {
		width := min(chars[i], maxLaneChars)
		title := d.laneName(i)
		if p := place(l.Created, files); p != "" {
			title += ", created at " + p
		}
		if l.End != "" {
			title += ", " + clean(l.End)
		}
		d.Columns = append(d.Columns, column{
			X: x, Name: cut(d.laneName(i), width), Title: title,
			End: cut(clean(l.End), width), EndX: x + dotRadius + 12, EndY: rowY(0),
		})
		x += textWidth(width) + lanePadding
	}
	d.Width = x
}

func (d *drawing) placeArrows() {
	seen := make(map[Kind]bool)
	for _, e := range d.Edges {
		seen[e.Kind] = true
		from, to := d.Rows[e.From], d.Rows[e.To]
		d.Arrows = append(d.Arrows, arrow{
			Kind: e.Kind,
			Path: curve(from.X, from.Y, to.X, to.Y, int(e.Kind)),
			Title: fmt.Sprintf("%d → %d %v: %s → %s", from.Number, to.Number, e.Kind,
				clean(d.Steps[e.From].Op), clean(d.Steps[e.To].Op)),
		})
	}
	for k := range Kind(len(kindNames)) {
		if seen[k] {
			d.Kinds = append(d.Kinds, k)
		}
	}
}

// curve leads from one dot to another. Arrows of different kinds between the
// same two dots bend differently, so that none hides another.
func curve(x1, y1, x2, y2, kind int) string {
	if x1 == x2 {
		bend := x1 - 14 - 4*kind
		return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1-dotRadius, y1, bend, y1, bend, y2, x2-dotRadius-2, y2)
	}
	side := 1
	if x2 < x1 {
		side = -1
	}
	reach := side * (24 + 8*kind)
	return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1+side*dotRadius, y1, x1+reach, y1+6*kind, x2-reach, y2-6*kind, x2-side*(dotRadius+2), y2)
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

func rowY(i int) int          { return i*rowHeight + rowHeight/2 }
func textWidth(chars int) int { return int(float64(chars) * charWidth) }
