package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// contribFiles are the files that a user copies, by name.
func contribFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir("../../contrib", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(path)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Every line for a shell in contrib names a command and flags that there are.
func TestContribNamesFlagsThatThereAre(t *testing.T) {
	line := regexp.MustCompile(`fearless (vet|test|prove|model|doctor)\b([^\n|"` + "`" + `]*)`)
	flagName := regexp.MustCompile(`(?:^|\s)-([a-z][a-z-]*)`)
	help := map[string]string{}
	found := 0
	for name, text := range contribFiles(t) {
		for _, m := range line.FindAllStringSubmatch(text, -1) {
			if help[m[1]] == "" {
				var out strings.Builder
				if code := run(context.Background(), []string{m[1], "-h"}, nil, &out, os.Stderr); code != exitOK {
					t.Fatalf("fearless %s -h: status %d", m[1], code)
				}
				help[m[1]] = out.String()
			}
			for _, f := range flagName.FindAllStringSubmatch(m[2], -1) {
				found++
				if !regexp.MustCompile(`(?m)^  -` + f[1] + `\b`).MatchString(help[m[1]]) {
					t.Errorf("%s: fearless %s has no flag -%s", name, m[1], f[1])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d flags were found", found)
	}
}

func TestContribIsWellFormed(t *testing.T) {
	for name, text := range contribFiles(t) {
		var v any
		switch filepath.Ext(name) {
		case ".yml", ".yaml":
			if err := yaml.Unmarshal([]byte(text), &v); err != nil || v == nil {
				t.Errorf("%s: %v", name, err)
			}
		case ".json":
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The problem matcher reads what vet prints.
func TestContribProblemMatcherReadsFindings(t *testing.T) {
	var tasks struct {
		Tasks []struct {
			ProblemMatcher json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(contribFiles(t)["../../contrib/vscode/tasks.json"]), &tasks); err != nil {
		t.Fatal(err)
	}
	var matcher struct{ Pattern struct{ Regexp string } }
	if err := json.Unmarshal(tasks.Tasks[0].ProblemMatcher, &matcher); err != nil {
		t.Fatal(err)
	}
	out, _, _ := vetProcess(t, "-C", vetModule(t, racyProgram), ".")
	first, _, _ := strings.Cut(out, "\n")
	m := regexp.MustCompile(matcher.Pattern.Regexp).FindStringSubmatch(first)
	if len(m) != 5 || filepath.Base(m[1]) != "m.go" || m[2] != "5" || !strings.Contains(m[4], "share") {
		t.Errorf("from %q it takes %q", first, m)
	}
}
