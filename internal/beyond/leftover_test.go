package beyond

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

var (
	count   int
	isSetUp bool
	entries []int
	record  struct{ n, m int }
	table   = map[string]int{}
)

func reset() { count = 0 }

func setUp() {
	if !isSetUp {
		isSetUp = true
	}
}

func TestLeftovers(t *testing.T) {
	var f Finder
	for _, test := range []struct {
		name string
		f    func()
		want []string
	}{
		{"a counter that decides", func() {
			if count++; count > 2 {
				t.Helper()
			}
		}, []string{"count"}},
		{"a set-up, in what is called", func() { setUp() }, []string{"isSetUp"}},
		{"a field", func() { record.n++; _ = record.m }, []string{"record"}},
		{"a map, in a function literal", func() {
			func() { table["a"] = 1 }()
			if table["b"] == 2 {
				t.Helper()
			}
		}, []string{"table"}},
		{"set too late", func() {
			if count > 0 {
				t.Helper()
			}
			count = 1
		}, []string{"count"}},

		{"written only", func() { count = 3; entries = append(entries, 1); record.n++ }, nil},
		{"read only", func() { _ = count + len(entries) }, nil},
		{"counted, and printed", func() { count++; fmt.Println(count); t.Log("runs:", count) }, nil},
		{"set at first", func() {
			count = 0
			t.Helper() // else the compiler makes a line of it
			if count++; count > 2 {
				t.Helper()
			}
		}, nil},
		{"set at first, by a function", func() {
			reset()
			t.Helper()
			if count++; count > 2 {
				t.Helper()
			}
		}, nil},
		{"one of its own", func() {
			count := 0
			t.Helper()
			if count++; count > 2 {
				t.Helper()
			}
		}, nil},
	} {
		uses, err := f.Find(reflect.ValueOf(test.f).Pointer(), nil)
		var got []string
		for _, u := range uses {
			if u.Kind != Leftover || filepath.Base(u.File) != "leftover_test.go" || u.Line == 0 {
				t.Errorf("%s: %v", test.name, u)
			}
			got = append(got, u.What)
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v; want %v", test.name, got, err, test.want)
		}
	}
}
