package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/schedtest"
)

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a.go":   "package a\n\nfunc run() {\n\tgo func() {\n\t}()\n}\n\ntype Pool[K, V any] struct{}\n\nfunc (p *Pool[_, V]) Close() {\n}\n\nfunc (P) Get() {}\n\nvar x = 1\n",
		"b/x.go": "package b\n", "c/x.go": "package c\n\nfunc f() {}\n", "c/bad.go": "package c\n\nfunc g() {}\n\nfunc h( {\n",
	})
	files := &goFiles{dir: dir}
	for _, test := range []struct {
		place string
		there bool
		sites string // of the findings that it covers
	}{
		{"a.go:run", true, "a.go:3 a.go:4 a.go:5 a.go:6"},
		{"a.go:Pool.Close", true, "a.go:10 a.go:11"},
		{"a.go:P.Get", true, "a.go:13"},
		{"a.go:15", true, "a.go:15"},
		{"a.go:99", false, ""},
		{"a.go:Close", false, ""},
		{"c/bad.go:g", true, "c/bad.go:3"},
		{"b/x.go:f", false, ""},
		{"none.go:f", false, ""},
		{"none.go:1", false, ""},
	} {
		p, err := parsePlace(test.place)
		if err != nil || p.String() != test.place {
			t.Errorf("%s is read as %s, %v", test.place, p, err)
		}
		if files.has(p) != test.there {
			t.Errorf("%s is there: %v", test.place, !test.there)
		}
		var covered []string
		for _, file := range []string{"a.go", "c/bad.go"} {
			for line := 1; line <= 16; line++ {
				if site := files.site(file, line); p.covers(site) {
					covered = append(covered, fmt.Sprintf("%s:%d", file, line))
				}
			}
		}
		if got := strings.Join(covered, " "); got != test.sites {
			t.Errorf("%s covers %s, want %s", test.place, got, test.sites)
		}
	}
}

// What tests say names files by their last name: it counts if that is one alone.
func TestSitesOfAFailure(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a.go": "package a\n\nfunc F() {\n}\n", "b/x.go": "package b\n", "c/x.go": "package c\n", "c/y.go": "package c\n\nfunc G() {\n}\n",
	})
	files := &goFiles{dir: dir}
	for _, test := range []struct {
		finding schedtest.Finding
		want    string
	}{
		{schedtest.Finding{Kind: schedtest.DataRace, Message: "write in F at a.go:3; previous read in G at y.go:4"}, "[a.go:3 c/y.go:4]"},
		{schedtest.Finding{Kind: schedtest.DataRace, Message: "write at x.go:1; read at print.go:80"}, "[]"},
		{schedtest.Finding{Kind: schedtest.DoubleClose, Message: "close of closed channel",
			Output: "panic: close of closed channel\n\ngoroutine 7 [running]:\nm.G()\n\t" + dir + "/c/y.go:3 +0x1\nm.F()\n\t" + dir + "/a.go:4 +0x2\n"}, "[c/y.go:3]"},
		{schedtest.Finding{Kind: schedtest.TestFailure, Message: "a_test.go:9: lost", Output: "goroutine 1\n" + dir + "/a.go:3"}, "[]"},
	} {
		var got []string
		for _, site := range files.sitesOf(&test.finding) {
			got = append(got, fmt.Sprintf("%s:%d", site.File, site.Line))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: %v, want %s", test.finding.Message, got, test.want)
		}
	}
}
