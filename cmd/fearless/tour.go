package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/book"
	"golang.org/x/term"
)

const tourUsage = "[flags] [example...]"

func tourCommand() command {
	return command{
		name:    "tour",
		args:    tourUsage,
		summary: "run the programs of \"Rust Atomics and Locks\", chapters 1 and 2, and tell what they show",
		run:     runTour,
	}
}

// The range of -speed: beyond it a second is longer than an hour, or too short
// for the order in which the sleeps of a program end.
const minSpeed, maxSpeed = 0.001, 1000

func runTour(ctx context.Context, args []string, std stdio) error {
	var list, source bool
	var address string
	var speed float64
	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	flags.BoolVar(&list, "list", false, "list the examples and exit")
	flags.BoolVar(&source, "source", false, "print the source of the named examples and exit")
	flags.StringVar(&address, "http", "", "show the tour in a browser, with editors and checkers: listen at `address`, such as :0, on this machine only")
	flags.Float64Var(&speed, "speed", 20, "run `n` times as fast as in the book: with 20 its sleeps of a second take 50 ms;\n"+
		"1 is the book's own pace, at which ch2-08 and ch2-09 count through all 2^32 ids\n(minutes), of which any higher speed leaves only the last million")
	names, err := parse(flags, tourUsage, args, std)
	if err != nil {
		return err
	}
	if !(speed >= minSpeed && speed <= maxSpeed) {
		return usagef("tour: -speed %v: use a number from %v to %v", speed, minSpeed, maxSpeed)
	}
	if address != "" {
		if list || source || len(names) > 0 {
			return usagef("tour: -http shows all of the tour: leave out -list, -source and names")
		}
		return serveTour(ctx, address, std)
	}
	programs, err := findPrograms(names)
	if err != nil {
		return err
	}
	switch {
	case list && source:
		return usagef("tour: use -list or -source, not both")
	case list:
		listPrograms(std.out, programs)
		return nil
	case source && len(names) == 0:
		return usagef("tour: -source needs the name of an example, like ch1-08; \"fearless tour -list\" lists them")
	case source:
		for _, p := range programs {
			fmt.Fprint(std.out, p.Source)
		}
		return nil
	}
	if err := playPrograms(book.WithSpeed(ctx, speed), programs, std); err != nil {
		return err
	}
	if len(names) == 0 {
		fmt.Fprint(std.out, "\nThat was the tour. \"fearless tour ch1-08\" runs one example, and \"fearless tour -source ch1-08\" shows how it is written.\n")
	}
	return nil
}

// tourPrograms is the whole tour.
func tourPrograms() []book.Program {
	return slices.Concat(book.Programs(), rejectedPrograms())
}

// findPrograms returns the programs with the given names, or all if there are none.
func findPrograms(names []string) ([]book.Program, error) {
	all := tourPrograms()
	if len(names) == 0 {
		return all, nil
	}
	var found []book.Program
	for _, name := range names {
		p, err := book.Find(all, name)
		if err != nil {
			return nil, usagef("tour: %w; \"fearless tour -list\" lists all", err)
		}
		found = append(found, p)
	}
	return found, nil
}

func listPrograms(w io.Writer, programs []book.Program) {
	width := 0
	for _, p := range programs {
		width = max(width, len(p.Name))
	}
	heading := ""
	for _, p := range programs {
		if h := chapter(p); h != heading {
			if heading != "" {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%s\n", h)
			heading = h
		}
		fmt.Fprintf(w, "  %-*s  %s\n", width, p.Name, p.Title)
	}
}

// chapter is the heading under which p is listed.
func chapter(p book.Program) string {
	if strings.HasPrefix(p.Name, rejectedPrefix) {
		return "Programs that Rust's compiler refuses, or the book warns of, and what fearless vet says"
	}
	if p.Passage {
		return "Passages of both chapters, as programs"
	}
	if strings.HasPrefix(p.Name, "ch1") {
		return "Chapter 1: Basics of Rust Concurrency"
	}
	return "Chapter 2: Atomics"
}

// playPrograms runs the programs one after another, each with what it shows
// above its output. One that panics is reported, and the others run.
func playPrograms(ctx context.Context, programs []book.Program, std stdio) error {
	in := &countedReader{r: std.in}
	if len(programs) > 1 {
		in.r = &tourInput{ctx: ctx, r: std.in}
	}
	failed := false
	for i, p := range programs {
		if i > 0 {
			fmt.Fprintln(std.out)
		}
		fmt.Fprintf(std.out, "== %s: %s\n%s\n\n", p.Name, p.Title, wrap(p.Shows, 78))
		if p.ReadsInput && len(programs) > 1 {
			fmt.Fprintf(std.out, "(When nothing has come in for %v the tour types both itself.)\n\n", patience)
		}
		out := book.NewStdout(std.out)
		if isTerminal(std.out) {
			out = book.NewTerminal(std.out)
		}
		err := book.Run(ctx, p, in, out)
		var crash *book.CrashError
		switch {
		case err == nil:
		case errors.As(err, &crash):
			message, _, _ := strings.Cut(err.Error(), "\n")
			fmt.Fprintf(std.err, "fearless: tour: %s\n", message)
			failed = true
		case ctx.Err() != nil:
			if isTerminal(std.out) {
				fmt.Fprintln(std.out) // behind the ^C, and perhaps half a bar
			}
			return fmt.Errorf("tour: interrupted in %s; \"fearless tour %s\" runs it again", p.Name, p.Name)
		default:
			return nil // the output is closed, which run reports
		}
		if p.ReadsInput && in.n == 0 && !isTerminal(std.in) {
			return fmt.Errorf("tour: %s reads commands, and standard input was empty: type help or stop, or pipe them in", p.Name)
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// isTerminal tells whether a standard file is a terminal, where somebody types
// and a line can be drawn again.
func isTerminal(file any) bool {
	if c, ok := file.(*checkedWriter); ok {
		file = c.w
	}
	f, ok := file.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// wrap breaks text, which is a paragraph, into lines of at most width bytes.
func wrap(text string, width int) string {
	var b strings.Builder
	length := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case length == 0:
		case length+1+len(word) > width:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += len(word)
	}
	return b.String()
}
