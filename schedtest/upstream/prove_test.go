package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/modcopy"
)

func TestTheListIsRead(t *testing.T) {
	list, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	seen := map[string]bool{}
	for _, m := range list {
		for _, p := range m.packages {
			for _, name := range p.names {
				key := m.path + " " + p.folder + " " + name
				if seen[key] {
					t.Errorf("%s is there twice", key)
				}
				seen[key] = true
				n++
			}
		}
	}
	if n < 40 {
		t.Errorf("%d tests", n)
	}
}

func TestAWrongListIsRefused(t *testing.T) {
	for _, text := range []string{
		"example.test/m", // no version
		"example.test/m@v1.0.0 TestX",
		"\tfolder TestX", // of no module
		"example.test/m@v1.0.0\n\tfolder",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), "upstream.txt:") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTheTableIsReplaced(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.md")
	const head, begin, end = "head\n", "<!-- upstream begin -->\n", "<!-- upstream end -->"
	if err := os.WriteFile(name, []byte(head+begin+"old\n"+end+"\ntail\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	table := format([]row{{"m@v1", "TestX", 3, 0.5}, {"m@v1", "TestY", 1, 2}})
	if err := replace(name, table); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if want := head + begin + "| module | test | executions | seconds |\n|---|---|---:|---:|\n| m@v1 | TestX | 3 | 0.50 |\n|  | TestY | 1 | 2.00 |\n" + end + "\ntail\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if err := os.WriteFile(name, []byte(head), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := replace(name, table); err == nil {
		t.Error("a file without the marks is none")
	}
}

// Two tests that share a goroutine's work, with several executions.
func TestSomeAreProven(t *testing.T) {
	if os.Getenv("FEARLESS_LONG") == "" {
		t.Skip("it builds the distribution with -race, and asks the module proxy: FEARLESS_LONG=1 tries it, as .ci/run does")
	}
	m := module{"golang.org/x/sync@v0.25.0", []tests{{"singleflight", []string{"TestDo", "TestForget"}}}}
	rows, err := prove(t.Context(), m)
	var missing *modcopy.DownloadError
	if errors.As(err, &missing) {
		t.Skipf("there is no way to the module proxy here: %v", err)
	}
	if err != nil || len(rows) != 2 || rows[0].executions == 0 {
		t.Fatal(rows, err)
	}
	m.packages[0].names = []string{"TestNone"}
	if _, err := prove(t.Context(), m); err == nil {
		t.Error("a test that there is not is proven")
	}
	m.path += "1"
	if _, err := prove(t.Context(), m); !errors.As(err, &missing) {
		t.Errorf("a version that there is not: %v", err)
	}
}
