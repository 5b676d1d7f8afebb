package trace_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/trace"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

var renderers = map[string]func(*trace.Trace, io.Writer) error{
	"txt":  (*trace.Trace).WriteText,
	"json": (*trace.Trace).WriteJSON,
	"html": (*trace.Trace).WriteHTML,
	"dot":  (*trace.Trace).WriteDot,
}

// deadlock uses every kind of edge and every flag.
func deadlock() *trace.Trace {
	at := func(file string, line int, fn string) trace.Pos {
		return trace.Pos{File: "/home/u/shop/" + file, Line: line, Func: fn}
	}
	return &trace.Trace{
		Headline: "deadlock: goroutine 7 and goroutine 9 wait for each other",
		Detail:   "goroutine 7 holds a.mu and waits for b.mu;\ngoroutine 9 holds b.mu and waits for a.mu.",
		Replay:   "fearless test -replay 'v1:pct:d3:81f3' ./shop",
		Lanes: []trace.Lane{
			{Name: "main", End: "blocked in wg.Wait"},
			{Name: `goroutine 7 "transfer"`, Created: at("stock/queue.go", 30, "shop.Start"), End: "blocked on b.mu", WaitsFor: "b.mu", HeldBy: []int{2}},
			{Name: "goroutine 9", Created: at("orders/queue.go", 31, "shop.Start"), End: "blocked on a.mu", WaitsFor: "a.mu", HeldBy: []int{1}},
		},
		Steps: []trace.Step{
			{Lane: 0, Pos: at("stock/queue.go", 30, "shop.Start"), Op: "go transfer"},
			{Lane: 0, Pos: at("orders/queue.go", 31, "shop.Start"), Op: "go refund"},
			{Lane: 1, Pos: at("stock/queue.go", 41, "shop.transfer"), Op: "a.mu.Lock", Object: "a.mu", Effect: trace.Acquire},
			{Lane: 2, Pos: at("orders/queue.go", 52, "shop.refund"), Op: "b.mu.Lock", Object: "b.mu", Effect: trace.Acquire},
			{Lane: 2, Pos: at("orders/queue.go", 53, "shop.refund"), Op: "ch <-", Value: "3"},
			{Lane: 0, Pos: at("stock/queue.go", 60, "shop.Start"), Op: "<-ch", Value: "3", Note: "buffered"},
			{Lane: 1, Pos: at("stock/queue.go", 42, "shop.transfer"), Op: "b.mu.Lock", Object: "b.mu", Effect: trace.Acquire, Flags: trace.Preempted | trace.Blocked | trace.Failing},
			{Lane: 2, Pos: at("orders/queue.go", 54, "shop.refund"), Op: "a.mu.Lock", Object: "a.mu", Effect: trace.Acquire, Flags: trace.Blocked | trace.Failing},
			{Lane: 0, Op: "wg.Wait", Flags: trace.Blocked},
		},
		Edges: []trace.Edge{
			{From: 0, To: 2, Kind: trace.Spawn},
			{From: 1, To: 3, Kind: trace.Spawn},
			{From: 4, To: 5, Kind: trace.SynchronizesWith},
			{From: 4, To: 5, Kind: trace.ReadsFrom},
			{From: 4, To: 5, Kind: trace.Wake},
			{From: 2, To: 6, Kind: trace.ReadsFrom},
			{From: 7, To: 8, Kind: trace.Join},
			{From: 2, To: 3, Kind: trace.Coherence},
			{From: 3, To: 7, Kind: trace.FromRead},
		},
	}
}

func render(t *testing.T, name string, tr *trace.Trace) string {
	t.Helper()
	var out bytes.Buffer
	if err := renderers[name](tr, &out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	for _, ext := range []string{"txt", "json", "dot"} { // the page has a browser for a judge
		t.Run(ext, func(t *testing.T) {
			got, path := render(t, ext, deadlock()), filepath.Join("testdata", "deadlock."+ext)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
				t.Errorf("output differs from %s; run go test -update and look at the change.\n%s", path, got)
			}
		})
	}
}

func TestJSONRoundTrip(t *testing.T) {
	want := deadlock()
	got, err := trace.ReadJSON(strings.NewReader(render(t, "json", want)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read back\n%+v\nwant\n%+v", got, want)
	}
}

func TestEmptyTrace(t *testing.T) {
	for ext := range renderers {
		if out := render(t, ext, &trace.Trace{Headline: "nothing ran"}); !strings.Contains(out, "nothing ran") {
			t.Errorf("%s does not show the headline:\n%s", ext, out)
		}
	}
	if out := render(t, "json", &trace.Trace{}); strings.Contains(out, "null") {
		t.Errorf("an empty list is null:\n%s", out)
	}
}

// A program chooses its own names: none may break out of its place.
func TestHostileStrings(t *testing.T) {
	const evil = "</title></text><script>alert(1)</script>\"'\x1b[31m\\N\n\x00\xff&amp;"
	tr := &trace.Trace{
		Headline: evil, Detail: evil, Replay: evil,
		Lanes: []trace.Lane{{Name: evil, End: evil, Created: trace.Pos{File: evil, Line: 1}}},
		Steps: []trace.Step{{Op: evil, Value: evil, Note: evil, Pos: trace.Pos{File: evil, Line: 1, Func: evil}, Flags: trace.Preempted}},
		Edges: []trace.Edge{{From: 0, To: 0, Kind: trace.Wake}},
	}
	text := render(t, "txt", tr)
	if strings.ContainsAny(text, "\x1b\x00") {
		t.Errorf("text has control characters: %q", text)
	}
	if n := strings.Count(text, "alert"); n == 0 {
		t.Error("text lost the names")
	}

	html := render(t, "html", tr)
	if strings.Contains(html, "<script>alert") || strings.Count(html, "</script>") != 2 {
		t.Error("a string of the program became markup")
	}
	// A decoder of XML takes the page's own scripts for markup.
	scripts := regexp.MustCompile(`(?s)<script[^>]*>.*?</script>`)
	dec := xml.NewDecoder(strings.NewReader(scripts.ReplaceAllString(html, "")))
	dec.Strict, dec.AutoClose, dec.Entity = false, []string{"meta"}, xml.HTMLEntity
	for {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
	}

	for line := range strings.Lines(render(t, "dot", tr)) {
		if strings.Count(line, `"`)-strings.Count(line, `\"`) == 1 {
			t.Errorf("unbalanced quotes in dot: %s", line)
		}
	}
}

func TestFilesOfOneNameAreToldApart(t *testing.T) {
	text := render(t, "txt", deadlock())
	for _, want := range []string{"stock/queue.go:41", "orders/queue.go:52"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	tr := &trace.Trace{
		Lanes: make([]trace.Lane, 1),
		Steps: []trace.Step{
			{Op: "a", Pos: trace.Pos{File: "queue.go", Line: 1}},
			{Op: "b", Pos: trace.Pos{File: `C:\src\queue.go`, Line: 2}},
		},
	}
	text = render(t, "txt", tr)
	for _, want := range []string{" queue.go:1", "src/queue.go:2"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestSwitches(t *testing.T) {
	got := deadlock().Switches()
	want := []string{`goroutine 7 "transfer" paused at stock/queue.go:42 before b.mu.Lock; goroutine 9, main ran steps 4 to 6`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestInvalid(t *testing.T) {
	lanes := make([]trace.Lane, 1)
	for name, tr := range map[string]*trace.Trace{
		"step 0: lane 1 does not exist; there are 1 lanes":  {Lanes: lanes, Steps: []trace.Step{{Lane: 1}}},
		"step 0: lane -1 does not exist; there are 1 lanes": {Lanes: lanes, Steps: []trace.Step{{Lane: -1}}},
		"step 0: unknown flags 0x80":                        {Lanes: lanes, Steps: []trace.Step{{Flags: 0x80}}},
		`step 0: unknown effect "jump"; want one of ["acquire" "acquire-shared" "release" "release-shared" "send" "receive" "close"]`: {Lanes: lanes, Steps: []trace.Step{{Effect: "jump"}}},
		"lane 0: lane 3 does not exist; there are 1 lanes": {Lanes: []trace.Lane{{HeldBy: []int{3}}}},
		"edge 0: step 5 does not exist; there are 1 steps": {Lanes: lanes, Steps: make([]trace.Step, 1), Edges: []trace.Edge{{To: 5, Kind: trace.Wake}}},
		"edge 0: unknown kind 0":                           {Lanes: lanes, Steps: make([]trace.Step, 1), Edges: []trace.Edge{{}}},
	} {
		for ext, write := range renderers {
			var invalid *trace.InvalidError
			if err := write(tr, io.Discard); !errors.As(err, &invalid) || err.Error() != "trace: "+name {
				t.Errorf("%s: error %v, want %q", ext, err, name)
			}
		}
	}
}

func TestReadJSONRejects(t *testing.T) {
	for input, want := range map[string]string{
		"":               "JSON: EOF",
		"{":              "JSON: unexpected EOF",
		`{"version": 2}`: "version 2 is not supported; this program reads version 1",
		`{}`:             "version 0 is not supported",
		`{"version": 1, "steps": [{"lane": 0, "op": "x"}]}`:       "step 0: lane 0 does not exist",
		`{"version": 1, "edges": [{"kind": "likes"}]}`:            `unknown kind of edge "likes"; want one of ["reads-from"`,
		`{"version": 1, "steps": [{"flags": ["purple"]}]}`:        `unknown flag "purple"; want one of ["preempted"`,
		`{"version": 1, "headline": 7}`:                           "headline",
		`{"version": 1, "edges": [{"from": 0, "to": 0}]}`:         "step 0 does not exist",
		`{"version": 1, "edges": [{"from": 1e99, "to": 0}]}`:      "from",
		`{"version": 1, "steps": [{"flags": {"failing": true}}]}`: "cannot unmarshal object",
	} {
		_, err := trace.ReadJSON(strings.NewReader(input))
		var invalid *trace.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadJSON(%s): %v, want an InvalidError with %q", input, err, want)
		}
	}
}

func TestWriteErrorIsReturned(t *testing.T) {
	for ext, write := range renderers {
		if err := write(deadlock(), brokenPipe{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v, want %v", ext, err, io.ErrClosedPipe)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestThousandsOfSteps(t *testing.T) {
	const lanes, steps = 50, 3_000
	tr := &trace.Trace{Headline: "long"}
	for i := range lanes {
		tr.Lanes = append(tr.Lanes, trace.Lane{Name: fmt.Sprintf("goroutine %d", i)})
	}
	for i := range steps {
		tr.Steps = append(tr.Steps, trace.Step{Lane: i * 7 % lanes, Op: "x.FetchAdd(1) SeqCst", Value: fmt.Sprint(i)})
		if i > 0 {
			tr.Edges = append(tr.Edges, trace.Edge{From: i - 1, To: i, Kind: trace.ReadsFrom})
		}
	}
	text := render(t, "txt", tr)
	if n := strings.Count(text, "FetchAdd"); n != steps {
		t.Errorf("text shows %d steps, want %d", n, steps)
	}
	html := render(t, "html", tr)
	if n := strings.Count(html, `"op":`); n != steps {
		t.Errorf("the page has %d steps, want %d", n, steps)
	}
	if n := strings.Count(html, `"kind":"reads-from"`); n != steps-1 {
		t.Errorf("the page has %d arrows, want %d", n, steps-1)
	}
}

func FuzzReadJSON(f *testing.F) {
	var out bytes.Buffer
	if err := deadlock().WriteJSON(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := trace.ReadJSON(bytes.NewReader(data))
		if err != nil {
			return
		}
		for ext := range renderers {
			render(t, ext, tr)
		}
		var out bytes.Buffer
		if err := tr.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		again, err := trace.ReadJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		var second bytes.Buffer
		if err := again.WriteJSON(&second); err != nil {
			t.Fatal(err)
		}
	})
}
