package tour_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/tour"
)

// command is the executable of fearless, built once for all tests.
var command = sync.OnceValues(func() (string, error) {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "fearless")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", name, "../cmd/fearless").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return name, nil
})

// A served is a server that runs, and how to reach it.
type served struct {
	t   *testing.T
	url string
	end context.CancelFunc
}

// serve starts a server that ends with the test.
func serve(t *testing.T, limits tour.Limits) *served {
	t.Helper()
	tool, err := command()
	if err != nil {
		t.Fatal(err, tool)
	}
	s, err := tour.New(t.Context(), tour.Config{Tool: tool, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	l, err := tour.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
	})
	return &served{t: t, url: s.URL(l), end: cancel}
}

// press is what a page does when a button is pressed.
type press struct {
	Tab    string `json:"tab"`
	Lesson string `json:"lesson"`
	Sheet  int    `json:"sheet"`
	Tool   string `json:"tool"`
	Source string `json:"source"`
	Input  string `json:"input"`
}

// told is what the page has been told.
type told struct {
	out  string
	end  *ending
	code int
	body string // if it was no stream
}

type ending struct {
	OK, Solved bool
	Text, Page string
}

func (s *served) open(ctx context.Context, p press) (*http.Response, error) {
	if p.Tab == "" {
		p.Tab = "tab"
	}
	body, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"job", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return http.DefaultClient.Do(r)
}

func (s *served) press(p press) told {
	s.t.Helper()
	answer, err := s.open(s.t.Context(), p)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	got := told{code: answer.StatusCode}
	if answer.Header.Get("Content-Type") != "application/x-ndjson" {
		text, _ := io.ReadAll(answer.Body)
		got.body = string(text)
		return got
	}
	var out strings.Builder
	for lines := json.NewDecoder(answer.Body); ; {
		var e struct {
			Out string
			End *ending
		}
		if err := lines.Decode(&e); err != nil {
			break
		}
		out.WriteString(e.Out)
		if e.End != nil {
			got.end = e.End
		}
	}
	got.out = out.String()
	if got.end == nil {
		s.t.Fatalf("the stream has no end; it printed %q", got.out)
	}
	return got
}

func (s *served) get(path string) (code int, text string, header http.Header) {
	s.t.Helper()
	answer, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(body), answer.Header
}

const hello = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello ä\") }\n"

func TestPagesHaveTheirLessons(t *testing.T) {
	s := serve(t, tour.Limits{})
	lessons, err := tour.Lessons()
	if err != nil {
		t.Fatal(err)
	}
	code, contents, header := s.get("")
	if policy := header.Get("Content-Security-Policy"); code != 200 || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("status %d, policy %q", code, policy)
	}
	for _, l := range lessons {
		if !strings.Contains(contents, `href="lesson/`+l.Name+`"`) {
			t.Errorf("the contents lack %s", l.Name)
		}
		code, page, _ := s.get("lesson/" + l.Name)
		if code != 200 || !strings.Contains(page, `data-lesson="`+l.Name+`"`) || strings.Count(page, `class="sheet"`) != len(l.Sheets) {
			t.Errorf("%s: status %d, page\n%s", l.Name, code, page)
		}
		if strings.Contains(page, "<script>") || strings.Contains(page, " style=") || strings.Contains(page, " onclick=") {
			t.Errorf("%s: its policy forbids what the page has inline", l.Name)
		}
	}
	if code, text, _ := s.get("lesson/ch9-99"); code != 404 || !strings.Contains(text, "ch9-99") {
		t.Errorf("a lesson that is not there: status %d, %q", code, text)
	}
	if code, text, _ := s.get("picture/1"); code != 404 || !strings.Contains(text, "press the button") {
		t.Errorf("a picture that is not there: status %d, %q", code, text)
	}
}

// Only a page of the server itself, by its own name, with the token, is served.
func TestStrangersAreRefused(t *testing.T) {
	s := serve(t, tour.Limits{})
	base := strings.SplitAfter(s.url, "/")
	host := strings.TrimSuffix(base[2], "/")
	port := host[strings.LastIndex(host, ":"):]
	body := `{"tab":"a","lesson":"ch1-01-hello","tool":"run","source":"x"}`
	for _, test := range []struct {
		name, method, url, host string
		header                  [2]string
		code                    int
	}{
		{"no token", "GET", "http://" + host + "/", "", [2]string{}, 403},
		{"another token", "GET", "http://" + host + "/AAAAAAAAAAAAAAAAAAAAAAAAAA/", "", [2]string{}, 403},
		{"no token, a job", "POST", "http://" + host + "/job", "", [2]string{}, 403},
		{"a name that leads here", "GET", s.url, "attacker.example" + port, [2]string{}, 421},
		{"another port", "GET", s.url, "127.0.0.1:1", [2]string{}, 421},
		{"no port", "GET", s.url, "127.0.0.1", [2]string{}, 421},
		{"this machine's name", "GET", s.url, "localhost" + port, [2]string{}, 200},
		{"another origin", "POST", s.url + "job", "", [2]string{"Origin", "http://attacker.example"}, 403},
		{"another port's origin", "POST", s.url + "job", "", [2]string{"Origin", "http://127.0.0.1:1"}, 403},
		{"no origin at all", "POST", s.url + "job", "", [2]string{"Origin", "null"}, 403},
		{"another site", "POST", s.url + "job", "", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"the same site", "POST", s.url + "job", "", [2]string{"Sec-Fetch-Site", "same-site"}, 403},
		{"a form", "POST", s.url + "job", "", [2]string{"Content-Type", "text/plain"}, 415},
		{"a wrong method", "GET", s.url + "job", "", [2]string{}, 405},
	} {
		r, err := http.NewRequest(test.method, test.url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if test.header[0] != "" {
			r.Header.Set(test.header[0], test.header[1])
		}
		if test.host != "" {
			r.Host = test.host
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != test.code {
			t.Errorf("%s: status %d, want %d: %.200s", test.name, answer.StatusCode, test.code, text)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other origins may read the answer", test.name)
		}
	}
}

func TestListenRefuses(t *testing.T) {
	busy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for address, want := range map[string]string{
		"0.0.0.0:0":              "127.0.0.1 only",
		"[::]:0":                 "127.0.0.1 only",
		"[::1]:0":                "127.0.0.1 only",
		"192.168.1.7:8080":       "use :8080",
		"example.com:80":         "127.0.0.1 only",
		"8080":                   ":8080",
		"":                       ":PORT",
		":99999":                 "99999",
		":http-of-another-world": "http-of-another-world",
		busy.Addr().String():     "in use",
	} {
		l, err := tour.Listen(address)
		if err == nil {
			l.Close()
			t.Errorf("%q is listened at", address)
			continue
		}
		if e, ok := err.(*tour.AddressError); !ok || e.Address != address || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

func TestRunOfAProgram(t *testing.T) {
	s := serve(t, tour.Limits{})
	if got := s.press(press{Lesson: "ch1-08-mutex", Tool: "run", Source: hello}); !got.end.OK || got.out != "hello ä\n" {
		t.Errorf("printed %q, end %+v", got.out, got.end)
	}
	if got := s.press(press{Lesson: "ch1-08-mutex", Tool: "run", Source: "package main\n\nfunc main() { x := 1 }\n"}); got.end.OK || got.end.Text != "it does not compile" || !strings.Contains(got.out, "main.go:3:15: declared and not used: x") {
		t.Errorf("a compile error: printed %q, end %+v", got.out, got.end)
	}
	if got := s.press(press{Lesson: "ch1-08-mutex", Tool: "run", Source: "package main\n\nfunc main() { panic(\"oh\") }\n"}); got.end.OK || got.end.Text != "it ended with status 2" || !strings.Contains(got.out, "panic: oh") || !strings.Contains(got.out, "\tmain.go:3") {
		t.Errorf("a panic: printed %q, end %+v", got.out, got.end)
	}
	read := "package main\n\nimport (\n\t\"io\"\n\t\"os\"\n)\n\nfunc main() { io.Copy(os.Stdout, os.Stdin) }\n"
	if got := s.press(press{Lesson: "ch2-01-stop-flag", Tool: "run", Source: read, Input: "help\nstop\n"}); !got.end.OK || got.out != "help\nstop\n" {
		t.Errorf("its input: printed %q, end %+v", got.out, got.end)
	}
}

func TestRequestsThatMakeNoSense(t *testing.T) {
	s := serve(t, tour.Limits{})
	for want, p := range map[string]press{
		"no lesson":        {Lesson: "ch9", Tool: "run"},
		"no program 7":     {Lesson: "ch1-08-mutex", Sheet: 7, Tool: "run"},
		"no program -1":    {Lesson: "ch1-08-mutex", Sheet: -1, Tool: "run"},
		"nothing that can": {Lesson: "ch1-08-mutex", Tool: "rm"},
		"longer than":      {Lesson: "ch1-08-mutex", Tool: "run", Source: strings.Repeat("x", 257<<10)},
		"which tab":        {Lesson: "ch1-08-mutex", Tool: "run", Tab: strings.Repeat("x", 101)},
	} {
		if got := s.press(p); got.code != 400 || !strings.Contains(got.body, want) {
			t.Errorf("%+.60v: status %d, %q; want %q", p, got.code, got.body, want)
		}
	}
}

func TestLimitsOfAProgramLong(t *testing.T) {
	long.Only(t, "limits are waited for")
	s := serve(t, tour.Limits{Run: 2 * time.Second, Tool: time.Minute, Output: 64 << 10})
	endless := "package main\n\nfunc main() { for {} }\n"
	if got := s.press(press{Lesson: "ch1-08-mutex", Tool: "run", Source: endless}); got.end.OK || !strings.Contains(got.end.Text, "stopped after 2s") {
		t.Errorf("an endless loop: end %+v", got.end)
	}
	flood := "package main\n\nimport \"os\"\n\nfunc main() {\n\tp := make([]byte, 1<<20)\n\tfor {\n\t\tos.Stdout.Write(p)\n\t}\n}\n"
	if got := s.press(press{Lesson: "ch1-08-mutex", Tool: "run", Source: flood}); got.end.OK || !strings.Contains(got.end.Text, "64 KB") || len(got.out) > 64<<10 {
		t.Errorf("a flood: %d bytes, end %+v", len(got.out), got.end)
	}
}

// A second tab runs beside the first; one tab runs one program at a time.
func TestTwoTabsLong(t *testing.T) {
	long.Only(t, "programs are built side by side")
	s := serve(t, tour.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	waits := press{Tab: "first", Lesson: "ch1-08-mutex", Tool: "run", Source: "package main\n\nimport \"time\"\n\nfunc main() { println(\"here\"); time.Sleep(time.Hour) }\n"}
	first, err := s.open(ctx, waits)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Body.Close()
	r := bufio.NewReader(first.Body)
	for line := ""; !strings.Contains(line, "here"); {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.press(press{Tab: "first", Lesson: "ch1-08-mutex", Tool: "run", Source: hello}); got.code != 409 || !strings.Contains(got.body, "stop it first") {
		t.Errorf("twice in one tab: status %d, %q", got.code, got.body)
	}
	if got := s.press(press{Tab: "second", Lesson: "ch1-08-mutex", Tool: "run", Source: hello}); !got.end.OK {
		t.Errorf("in a second tab: %+v", got.end)
	}
	cancel() // as Stop does
	if got := s.press(press{Tab: "first", Lesson: "ch1-08-mutex", Tool: "run", Source: hello}); !got.end.OK {
		t.Errorf("after a stop in the same tab: status %d, %+v", got.code, got.end)
	}
}
