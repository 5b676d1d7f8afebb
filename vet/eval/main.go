// Command eval measures the rules on labelled code that ships with Go: the
// tests of the race detector, in which a function TestRace* has a data race
// and a function TestNoRace* has none, and GoKer, deadlocks of well-known
// programs.
//
//	go run ./vet/eval            print the tables
//	go run ./vet/eval -update    and write them into vet/README.md
//	go run ./vet/eval -v         and print every finding
//	go run ./vet/eval DIR        measure on the files *_test.go of another folder
//	go run ./vet/eval -speed     time go vet and fearless vet on std, in one run (with -update, too)
//	go run ./vet/eval -speed ./...    on other packages
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fearless-go/fearless/vet/check"
	"github.com/fearless-go/fearless/vet/eval/goker"
)

func main() {
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	update := flag.Bool("update", false, "write the tables into vet/README.md")
	verbose := flag.Bool("v", false, "print every finding")
	timed := flag.Bool("speed", false, "time go vet and fearless vet on packages (std if none are named), from empty build caches on")
	flag.Parse()
	var err error
	if *timed {
		err = runSpeed(os.Stdout, flag.Args(), *update)
	} else {
		err = run(os.Stdout, flag.Arg(0), *update, *verbose)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(2)
	}
}

func run(w io.Writer, dir string, update, verbose bool) error {
	own := dir == ""
	if own {
		out, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return fmt.Errorf("cannot ask the go command for GOROOT: %w", err)
		}
		dir = filepath.Join(strings.TrimSpace(string(out)), "src", "runtime", "race", "testdata")
	}
	labels, files, err := readLabels(dir)
	if err != nil {
		return err
	}
	findings, err := check.Run(context.Background(), check.Options{Dir: dir, Patterns: files, Tags: "race"})
	if err != nil {
		return err
	}
	score := judge(labels, findings)
	text := score.table() + "\n" + score.misses()
	fmt.Fprint(w, text)
	if verbose {
		if err := check.Print(w, findings); err != nil {
			return err
		}
	}
	if own {
		kernels, err := runGoKer(w)
		if err != nil {
			return err
		}
		text += "\n" + kernels
	}
	if update {
		return replaceSection(readme, scoreSection, text)
	}
	return nil
}

// runGoKer measures the lock rules on the deadlocks that come with Go.
func runGoKer(w io.Writer) (string, error) {
	results, err := goker.Run(context.Background(), "")
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if err := goker.Print(&text, results); err != nil {
		return "", err
	}
	fmt.Fprintf(w, "\n%s", text.String())
	return text.String(), nil
}

func runSpeed(w io.Writer, packages []string, update bool) error {
	if len(packages) == 0 {
		packages = []string{"std"}
	}
	all, err := speed(context.Background(), os.Stderr, packages)
	if err != nil {
		return err
	}
	text := speedTable(all)
	fmt.Fprint(w, text)
	if update {
		return replaceSection(readme, speedSection, text)
	}
	return nil
}

// table is the result as Markdown.
func (s *score) table() string {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"rule", "races found", "of", "race-free flagged", "of"})
	for _, rule := range s.rules() {
		t.AppendRow(table.Row{rule, len(s.byRule[rule].found), s.races, len(s.byRule[rule].flagged), s.clean})
	}
	t.AppendRow(table.Row{"**all**", len(s.all.found), s.races, len(s.all.flagged), s.clean})
	return t.RenderMarkdown() + "\n"
}

// misses lists what was not found and what was flagged wrongly.
func (s *score) misses() string {
	var b strings.Builder
	b.WriteString("Races that are not found, and the reasoning each would need:\n\n")
	for _, c := range categories {
		var names []string
		for _, l := range s.missed {
			if c.holds(l.name) {
				names = append(names, "`"+l.name+"`")
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&b, "- %s: %s\n", c.reasoning, strings.Join(names, ", "))
		}
	}
	b.WriteString("\nRace-free functions that are flagged:\n\n")
	for _, l := range s.wrong {
		fmt.Fprintf(&b, "- `%s` by %s\n", l.name, strings.Join(s.flaggedBy[l.name], ", "))
	}
	if len(s.wrong) == 0 {
		b.WriteString("- none\n")
	}
	return b.String()
}

// What -update writes, and between which lines.
const (
	scoreSection = "<!-- go run ./vet/eval -update -->"
	speedSection = "<!-- go run ./vet/eval -speed -update -->"
	sectionEnd   = "<!-- end -->"
)

var readme = filepath.Join("vet", "README.md")

// replaceSection puts text between the line start and the next sectionEnd in file.
func replaceSection(file, start, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("run from the root of the repository: %w", err)
	}
	before, rest, ok := strings.Cut(string(data), start)
	_, after, ok2 := strings.Cut(rest, sectionEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no section between %q and %q", file, start, sectionEnd)
	}
	return os.WriteFile(file, []byte(before+start+"\n\n"+text+"\n"+sectionEnd+after), 0o666)
}
