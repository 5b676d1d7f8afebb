package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/fearless-go/fearless/bench"
)

func benchCommand() command {
	return command{
		name:    "bench",
		args:    "[flags]",
		summary: "measure the library against sync, channels, its peers and Rust, side by side",
		run:     runBench,
	}
}

type benchFlags struct {
	run, svg, html     string
	json, update, rust bool
	opts               bench.Options
}

func runBench(ctx context.Context, args []string, std stdio) error {
	var f benchFlags
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&f.run, "run", "", "measure only cases whose name matches `regexp`")
	flags.BoolVar(&f.opts.Quick, "quick", false, "fewer and shorter rounds: under a minute in all")
	flags.IntVar(&f.opts.Runs, "runs", 0, "measure everything `n` times and print medians (default 1; with -update 3)")
	flags.BoolVar(&f.rust, "rust", true, "compile and run the Rust programs too, if rustc is on the PATH")
	flags.BoolVar(&f.json, "json", false, "print the report as JSON")
	flags.StringVar(&f.svg, "svg", "", "draw the ratios to `file`; - is standard output")
	flags.StringVar(&f.html, "html", "", "write the picture and the table to `file` as a page; - is standard output")
	flags.BoolVar(&f.update, "update", false, "write the tables of bench/README.md, and bench/picture.svg, in the source tree around the current folder")
	rest, err := parse(flags, "[flags]", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("bench: unexpected argument %q: select cases with -run", rest[0])
	}
	if f.opts.Runs < 0 {
		return usagef("bench: -runs %d must be more than 0", f.opts.Runs)
	}
	if f.opts.Run, err = regexp.Compile(f.run); err != nil {
		return usagef("bench: -run: %w", err)
	}
	if len(f.opts.Selected()) == 0 {
		return usagef("bench: no case matches -run %q: leave it out to see all names", f.run)
	}
	readme := ""
	if f.update {
		if f.run != "" || f.opts.Quick {
			return usagef("bench: -update needs all cases measured in full: leave out -run and -quick")
		}
		if readme, err = benchReadme(); err != nil {
			return usagef("bench: -update: %w", err)
		}
		if f.opts.Runs == 0 {
			f.opts.Runs = 3
		}
	}
	// Once a second: what is measured shares the machine with it.
	bar := newProgress(std.err, time.Second, "bench: begins")
	defer bar.finish()
	start := time.Now()
	f.opts.Progress = func(done, all int, name string) {
		left := timeLeft(done, all, time.Since(start))
		bar.show(func(width int) string {
			return named(fmt.Sprintf("bench %d/%d ", done, all), name, left, width)
		})
	}
	report, err := bench.Measure(ctx, f.opts)
	if ctx.Err() != nil {
		bar.finish()
		return f.interrupted(report, std)
	}
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	bar.say("bench: Rust")
	if f.rust {
		// A machine without Rust is fine, a Rust that fails is worth a word.
		if err := bench.AddRust(ctx, report); err != nil {
			fmt.Fprintf(std.err, "fearless: bench: without Rust's column: %v\n", err)
		}
	}
	bar.finish()
	return f.write(report, readme, std)
}

// interrupted writes what was measured until then, but into no README.
func (f benchFlags) interrupted(report *bench.Report, std stdio) error {
	all, done := len(f.opts.Selected()), len(report.Results)
	if done > 0 {
		if err := f.write(report, "", std); err != nil {
			return err
		}
	}
	return fmt.Errorf("bench: interrupted: %d of %d cases are measured, without Rust; -run REGEXP measures some", done, all)
}

// timeLeft is about how long the cases that are left take, once a tenth has told.
func timeLeft(done, all int, elapsed time.Duration) string {
	if done*10 < all || done == 0 {
		return ""
	}
	left := elapsed / time.Duration(done) * time.Duration(all-done)
	return ", " + elapsedText(left) + " left"
}

func (f benchFlags) write(report *bench.Report, readme string, std stdio) error {
	if readme != "" {
		if err := report.UpdateReadme(readme); err != nil {
			return fmt.Errorf("bench: -update: %w", err)
		}
		if err := writeTo(filepath.Join(filepath.Dir(readme), "picture.svg"), report.WriteSVG); err != nil {
			return fmt.Errorf("bench: -update: %w", err)
		}
	}
	toStdout := false
	for _, out := range []struct {
		flag, file string
		write      func(io.Writer) error
	}{{"-svg", f.svg, report.WriteSVG}, {"-html", f.html, report.WriteHTML}} {
		var err error
		switch out.file {
		case "":
		case "-":
			toStdout = true
			err = out.write(std.out)
		default:
			err = writeTo(out.file, out.write)
		}
		if err != nil {
			return fmt.Errorf("bench: %s %s: %w", out.flag, out.file, err)
		}
	}
	switch {
	case toStdout:
		return nil
	case f.json:
		return report.WriteJSON(std.out)
	default:
		return report.WriteText(std.out)
	}
}

// benchReadme finds bench/README.md in the current folder or one above it.
func benchReadme() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(dir, "bench", "README.md")
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no bench/README.md here or above: run it in the source tree of fearless")
		}
		dir = filepath.Dir(dir)
	}
}
