package bench

import (
	"bytes"
	"html/template"
	"io"
	"math"
	"strings"
)

// A picture has a bar for each result: how many times as long as the library
// the rival of the target, or the best rival, takes.
type picture struct {
	Machine       string
	Bars          []bar
	Charts        []chart
	Width, Height int
	BarsEnd       int
	LabelX        int
	Ticks         []tick
}

type bar struct {
	Name, Rival, Label string
	Y                  int
	X, Width           float64
	Color              string
}

type tick struct {
	X     float64
	Label string
}

const (
	barHeight  = 18
	barsTop    = 64
	labelWidth = 300
	halfWidth  = 220 // of the scale on each side of 1
	mostTimes  = 8.0 // the end of the scale
)

const (
	faster = "#2a7f62" // the library is faster, or meets the target
	slower = "#c0392b" // it misses the target
	even   = "#7f8c8d" // it is slower, and no target says that it must not be
)

func (r *Report) picture() picture {
	p := picture{Machine: r.Machine(), Width: labelWidth + 2*halfWidth + 210, LabelX: labelWidth + 2*halfWidth + 10}
	for _, result := range r.Results {
		if _, grows := growthOf(result.Name); grows {
			continue
		}
		for _, b := range result.bars() {
			b.Y = barsTop + len(p.Bars)*barHeight
			p.Bars = append(p.Bars, b)
		}
	}
	p.BarsEnd = barsTop + len(p.Bars)*barHeight + 16
	p.Height = p.BarsEnd
	if p.Charts = r.charts(p.BarsEnd + 40); len(p.Charts) > 0 {
		p.Height = p.Charts[len(p.Charts)-1].Y + chartHeight + 40
	}
	for _, t := range []tick{{1 / mostTimes, "8× slower"}, {0.25, "4×"}, {0.5, "2×"}, {1, "the same"}, {2, "2×"}, {4, "4×"}, {mostTimes, "8× faster"}} {
		p.Ticks = append(p.Ticks, tick{position(t.X), t.Label})
	}
	return p
}

// position is where in the picture a speed-up stands: the scale is logarithmic,
// so that twice as fast is as far from the middle as half as fast.
func position(speedup float64) float64 {
	at := math.Log2(speedup) / math.Log2(mostTimes)
	return labelWidth + halfWidth*(1+max(-1, min(1, at)))
}

// bars returns a bar for each target, or one against the best rival.
func (r Result) bars() []bar {
	var all []bar
	add := func(rival string, ratio float64, color string) {
		one, end := position(1), position(1/ratio)
		all = append(all, bar{
			Name: r.Name, Rival: rival, Label: number(1/ratio) + "× of " + rival,
			X: min(one, end), Width: math.Abs(end - one), Color: color,
		})
	}
	for _, t := range r.Targets {
		color := faster
		if t.Verdict() == Missed {
			color = slower
		}
		add(t.Of, t.Ratio, color)
	}
	if best := r.Best(); best > 0 && len(all) == 0 {
		m := r.Measurements[best]
		color := even
		if m.Ratio <= 1 {
			color = faster
		}
		add(m.By, m.Ratio, color)
	}
	return all
}

// summary is the report with one result for all atomics of a width, the worst,
// so that the picture can be read at a glance.
func (r *Report) summary() *Report {
	s := *r
	s.Results = nil
	at := map[string]int{}
	for _, result := range r.Results {
		parts := strings.Split(result.Name, "/")
		if parts[0] != "atomic" || len(parts) != 4 || len(result.Targets) != 1 || parts[3] == "all-cores" {
			s.Results = append(s.Results, result)
			continue
		}
		key := "atomic/" + parts[1] + "/* (the slowest)"
		i, ok := at[key]
		result.Name = key
		switch {
		case !ok:
			at[key] = len(s.Results)
			s.Results = append(s.Results, result)
		case result.Targets[0].Ratio > s.Results[i].Targets[0].Ratio:
			s.Results[i] = result
		}
	}
	return &s
}

var svg = template.Must(template.New("svg").Parse(`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="18" font-size="14" font-weight="bold">fearless against the rival that it is measured by</text>
<text x="10" y="34" fill="#555555">{{.Machine}}. Red: a target is missed.</text>
{{- range .Ticks}}
<line x1="{{.X}}" y1="56" x2="{{.X}}" y2="{{$.BarsEnd}}" stroke="#dddddd"/>
<text x="{{.X}}" y="52" text-anchor="middle" fill="#555555">{{.Label}}</text>
{{- end}}
{{- range .Bars}}
<g transform="translate(0 {{.Y}})"><text x="10" y="12">{{.Name}}</text><rect x="{{.X}}" y="2" width="{{.Width}}" height="13" fill="{{.Color}}"/><text x="{{$.LabelX}}" y="12" fill="#555555">{{.Label}}</text></g>
{{- end}}
{{- range .Charts}}
<g transform="translate({{.X}} {{.Y}})"><text x="0" y="-10" font-weight="bold">{{.Title}}</text>
{{- range .Up}}<line x1="0" x2="180" y1="{{.X}}" y2="{{.X}}" stroke="#dddddd"/><text x="-6" y="{{.X}}" dy="4" text-anchor="end" fill="#555555">{{.Label}}</text>{{end}}
{{- range .Across}}<text x="{{.X}}" y="166" text-anchor="middle" fill="#555555">{{.Label}}</text>{{end}}
{{- range .Curves}}<polyline points="{{.Points}}" fill="none" stroke="{{.Color}}" stroke-width="2"/><text x="186" y="{{.LabelY}}" dy="4" fill="{{.Color}}">{{.By}}</text>{{end}}</g>
{{- end}}
</svg>
`))

// WriteSVG draws a bar for each case, the atomics of a type as one, and curves for the
// cases that grow. Bars to the right are cases in which the library is faster than the rival.
func (r *Report) WriteSVG(w io.Writer) error { return svg.Execute(w, r.summary().picture()) }

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>fearless bench</title>
<style>body{font-family:sans-serif;margin:2em;max-width:75em} table{border-collapse:collapse;font-size:90%} td,th{padding:.15em .7em;text-align:left} tr{border-top:1px solid #ddd} td:nth-child(n+3):nth-child(-n+6){text-align:right}</style>
<h1>fearless bench</h1>
<p>{{.Machine}}</p>
{{.Picture}}
<h2>All measurements</h2>
{{.Table}}
</html>
`))

// WriteHTML writes a page with the picture and the table.
func (r *Report) WriteHTML(w io.Writer) error {
	var drawn bytes.Buffer
	if err := r.WriteSVG(&drawn); err != nil {
		return err
	}
	return page.Execute(w, map[string]any{
		"Machine": r.Machine(),
		// Both come from templates that escape what they are given.
		"Picture": template.HTML(drawn.String()),
		"Table":   template.HTML(r.table().RenderHTML()),
	})
}
