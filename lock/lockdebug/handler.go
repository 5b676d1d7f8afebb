package lockdebug

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"
)

// Handler turns the notes on and returns a handler that shows a Snapshot: as a
// page, as JSON with ?format=json or where that is accepted, or as text with ?format=text.
//
//	http.Handle("/debug/fearless", lockdebug.Handler())
//
// As with net/http/pprof, let nobody see it who may not know the program.
func Handler() http.Handler {
	Enable()
	return http.HandlerFunc(serve)
}

func serve(w http.ResponseWriter, r *http.Request) {
	report := Snapshot()
	format := r.URL.Query().Get("format")
	if format == "" && strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		format = "json"
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch format {
	case "json":
		w.Header().Set("Content-Type", "application/json")
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		_ = e.Encode(report)
	case "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_ = report.WriteText(w)
	case "", "html":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, report)
	default:
		http.Error(w, fmt.Sprintf("lockdebug: unknown format %q: use html, json or text", format), http.StatusBadRequest)
	}
}

//go:embed page.html
var source string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"who": who,
	"ago": func(d time.Duration) string { return d.Round(roundTo(d)).String() },
	"at":  shortened,
}).Parse(source))

// roundTo keeps three digits or so.
func roundTo(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for unit*1000 < d && unit < time.Second {
		unit *= 10
	}
	return unit
}

// shortened is file:line with the last folder only.
func shortened(at string) string {
	parts := strings.Split(at, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// WriteText writes the report as tables.
func (r Report) WriteText(w io.Writer) error {
	if r.Since.IsZero() {
		_, err := fmt.Fprintln(w, "lockdebug is off: call lockdebug.Enable")
		return err
	}
	fmt.Fprintf(w, "locks and waits that began since %s\n\n", r.Since.Format(time.DateTime))
	for _, d := range r.Deadlocks {
		fmt.Fprintln(w, d)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "WAITS\tON\tAS\tFOR\tLIMITED\tBY\tAT\n")
	for _, x := range r.Waits {
		fmt.Fprintf(t, "%s\t%s\t%s\t%v\t%v\t%v\t%s\n", who(x.Goroutine, x.Thread, x.Labels), x.On, x.As, x.For.Round(roundTo(x.For)), x.Limited, x.By, x.At)
	}
	fmt.Fprintf(t, "\nHOLDS\tLOCK\tAS\tFOR\tWAITERS\t\tAT\n")
	for _, l := range r.Locks {
		for _, h := range l.Holders {
			fmt.Fprintf(t, "%s\t%s\t%s\t%v\t%d\t\t%s\n", who(h.Goroutine, h.Thread, h.Labels), l.Name, h.As, h.For.Round(roundTo(h.For)), l.Waiters, h.At)
		}
	}
	fmt.Fprintf(t, "\nWAIT\tHOLD\tLINE\n")
	for _, l := range r.Lines {
		fmt.Fprintf(t, "%d\t%d\t%s\n", l.Waits, l.Holds, l.At)
	}
	return t.Flush()
}
