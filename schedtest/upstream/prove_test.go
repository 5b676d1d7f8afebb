package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
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

func TestAnotherRelease(t *testing.T) {
	var other *otherGoError
	if _, err := prove(t.Context(), module{path: std + "go1.2"}); !errors.As(err, &other) || !strings.Contains(err.Error(), "go1.2:") {
		t.Errorf("the tests of another Go: %v", err)
	}
}

func TestTheTable(t *testing.T) {
	got := format([]row{{"m@v1", "TestX", 3, 0.5}, {"m@v1", "TestY", 1, 2}})
	if want := "| module | test | executions | seconds |\n|---|---|---:|---:|\n| m@v1 | TestX | 3 | 0.50 |\n|  | TestY | 1 | 2.00 |\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What the table says of them holds.
func TestAllAreProvenLong(t *testing.T) {
	long.Only(t, "it builds the standard library for the race detector, and asks the module proxy")
	list, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		t.Run(m.path, func(t *testing.T) {
			rows, err := had(t, m)
			want := 0
			for _, p := range m.packages {
				want += len(p.names)
			}
			if err != nil || len(rows) != want {
				t.Fatalf("%d of %d: %v", len(rows), want, err)
			}
			for _, r := range rows {
				if r.executions == 0 {
					t.Errorf("%s was not run", r.test)
				}
			}
		})
	}
	t.Run("what there is not", func(t *testing.T) {
		m := module{list[0].path, []tests{{"singleflight", []string{"TestNone"}}}}
		if _, err := had(t, m); err == nil {
			t.Error("a test that there is not is proven")
		}
		m.path += "1"
		var missing *modcopy.DownloadError
		if _, err := prove(t.Context(), m); !errors.As(err, &missing) {
			t.Errorf("a version that there is not: %v", err)
		}
	})
}

// had is prove for a module that can be had.
func had(t *testing.T, m module) ([]row, error) {
	rows, err := prove(t.Context(), m)
	var missing *modcopy.DownloadError
	if errors.As(err, &missing) {
		t.Skipf("there is no way to this module here: %v", err)
	}
	var other *otherGoError
	if errors.As(err, &other) {
		t.Skip(other)
	}
	return rows, err
}
