package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/fearless-go/fearless/cluster"
)

func runClusterStatus(ctx context.Context, args []string, std stdio) error {
	var a cluster.Address
	flags := flag.NewFlagSet("cluster status", flag.ContinueOnError)
	flags.StringVar(&a.URL, "server", "nats://127.0.0.1:4222", "the cluster's `url`")
	addressFlags(flags, &a)
	asJSON := flags.Bool("json", false, "print an object")
	rest, err := parse(flags, "[flags]", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("cluster status: %q is one argument too many: it takes flags only", rest[0])
	}
	completeAddress(&a)
	c, err := cluster.Connect(ctx, a)
	if err != nil {
		return clusterError("cluster status", err)
	}
	defer c.Close()
	s, err := c.Status(ctx)
	if err != nil {
		return clusterError("cluster status", err)
	}
	if *asJSON {
		enc := json.NewEncoder(std.out)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	}
	return writeStatus(s, std.out)
}

func writeStatus(s *cluster.Status, w io.Writer) error {
	fmt.Fprintf(w, "%s, team %s: %d workers, %d pieces in the queue or at work\n", s.Place, s.Team, len(s.Workers), s.Queue)
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range s.Runs {
		fmt.Fprintf(t, "run %s\t%s\t%d pieces done (%.1f/s)\t%d left\t%d given up\t%d failed\t%s\n", r.Name, r.State, r.Pieces, r.Rate(), r.Left, r.GaveUp, r.Failed, r.Title)
	}
	for _, p := range s.Workers {
		at := "waits"
		if p.Run != "" {
			at = fmt.Sprintf("at piece %s of %s (%s) for %v", p.Piece, p.Run, p.Title, time.Since(p.Since).Round(time.Second))
		}
		fmt.Fprintf(t, "worker %s\t%s\t%d pieces\t%s\n", p.Name, p.System, p.Done, at)
	}
	return t.Flush()
}

var statusPage = template.Must(template.New("status").Funcs(template.FuncMap{
	"since": func(t time.Time) string { return time.Since(t).Round(time.Second).String() },
}).Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3"><meta name="viewport" content="width=device-width">
<title>fearless cluster</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #8884}td.n{text-align:right}</style>
</head><body><h1>fearless cluster</h1>
<p>{{.Place}}, team {{.Team}}: {{len .Workers}} workers, {{.Queue}} pieces in the queue or at work</p>
<table><caption>Runs</caption><tr><th>run<th>what<th>state<th>pieces done<th>a second<th>left<th>given up<th>failed<th>coordinator</tr>
{{range .Runs}}<tr><td>{{.Name}}<td>{{.Title}}<td>{{.State}}<td class="n">{{.Pieces}}<td class="n">{{printf "%.1f" .Rate}}<td class="n">{{.Left}}<td class="n">{{.GaveUp}}<td class="n">{{.Failed}}<td>{{.Owner}}</tr>
{{else}}<tr><td colspan="9">none</tr>{{end}}</table>
<table><caption>Workers</caption><tr><th>worker<th>system<th>pieces<th>at</tr>
{{range .Workers}}<tr><td>{{.Name}}<td>{{.System}}<td class="n">{{.Done}}<td>{{if .Run}}{{.Title}}, piece {{.Piece}}, for {{since .Since}}{{else}}waits{{end}}</tr>
{{else}}<tr><td colspan="4">none</tr>{{end}}</table>
</body></html>
`))

// serveStatus shows the cluster's status at / until ctx ends.
func serveStatus(ctx context.Context, l net.Listener, a cluster.Address) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		c, err := cluster.Connect(r.Context(), a)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer c.Close()
		s, err := c.Status(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = statusPage.Execute(w, s) // who asked has gone
	})
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { s.Close() })
	_ = s.Serve(l) // it ends by Close
}
