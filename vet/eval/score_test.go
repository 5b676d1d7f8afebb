package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/vet/check"
)

func write(t *testing.T, src string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a_test.go"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestJudgeCountsByFunction(t *testing.T) {
	labels, files, err := readLabels(write(t, `package a
func TestRaceOne() {
}
func TestRaceTwo() {
}
func TestNoRaceThree() {
}
func helper() {
}
`))
	if err != nil || len(labels) != 3 || len(files) != 1 {
		t.Fatalf("labels %v, files %v, error %v", labels, files, err)
	}
	at := func(line int) check.Position { return check.Position{File: "a_test.go", Line: line} }
	s := judge(labels, []check.Finding{
		{Position: at(2), Rule: "share"},
		{Position: at(3), Rule: "share"},
		{Position: at(8), Rule: "join", Related: []check.Related{{Position: at(6)}}},
	})
	if s.races != 2 || s.clean != 1 || len(s.all.found) != 1 || len(s.all.flagged) != 1 {
		t.Errorf("%d races, %d clean, found %v, flagged %v", s.races, s.clean, s.all.found, s.all.flagged)
	}
	if len(s.missed) != 1 || s.missed[0].name != "TestRaceTwo" {
		t.Errorf("missed %v", s.missed)
	}
	if text := s.table() + s.misses(); !strings.Contains(text, "`TestRaceTwo`") || !strings.Contains(text, "`TestNoRaceThree` by join") {
		t.Errorf("report:\n%s", text)
	}
}

func TestReadLabelsNeedsLabels(t *testing.T) {
	if _, _, err := readLabels(write(t, "package a\n")); err == nil {
		t.Error("no error for a folder without labelled functions")
	}
}
