package bench_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/bench"
)

// Cases that grow are curves, a chart for each name without its number, and no bars.
func TestCurves(t *testing.T) {
	at := func(name string, ours, theirs float64) bench.Result {
		return bench.Result{Name: name, Unit: "ns/op", Measurements: []bench.Measurement{
			{By: bench.Ours, Median: ours, Ratio: 1}, {By: "rival", Median: theirs, Ratio: ours / theirs},
		}}
	}
	r := bench.Report{Results: []bench.Result{
		at("plain", 1, 2), at("growth/a/10", 10, 20), at("growth/a/1000", 10, 20000), at("growth/b/1", 0, 5),
	}}
	var b strings.Builder
	if err := r.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	drawn := b.String()
	for what, want := range map[string]int{"<polyline": 4, "<rect x=": 1, ">growth": 0, ">a, ns/op": 1, ">b, ns/op": 1, "NaN": 0, "Inf": 0} {
		if got := strings.Count(drawn, what); got != want {
			t.Errorf("%q is there %d times, want %d", what, got, want)
		}
	}
	d := xml.NewDecoder(strings.NewReader(drawn))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
