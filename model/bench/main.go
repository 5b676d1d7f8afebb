// Bench measures how fast the model checker explores programs whose number of
// executions is known, and whether it finds that number:
//
//	go run ./model/bench                 every program on one engine and on two, the median of three to eleven
//	go run ./model/bench -run casrot     only the programs that match
//	go run ./model/bench -update         also write the table to model/README.md
//
// If a genmc is on the PATH, it explores the same programs, written in C, on
// the same machine. Otherwise the table has what it was seen to do once.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime/pprof"
	"slices"

	"github.com/fearless-go/fearless/model"
)

type options struct {
	run     *regexp.Regexp
	memory  model.MemoryModel
	engines int
	update  string // the file to write the table to
	profile string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if !model.Enabled {
		os.Exit(again(ctx))
	}
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if err := measure(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// again runs this program once more, as a model build.
func again(ctx context.Context) int {
	args := append([]string{"run", "-tags", "fearless_model", "github.com/fearless-go/fearless/model/bench"}, os.Args[1:]...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return 1
	}
	fmt.Fprintln(os.Stderr, "bench: cannot build itself with the tag fearless_model:", err)
	return 1
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	run := flags.String("run", "", "only programs whose name matches `regexp`")
	memory := flags.String("memory", "rc11", "memory `model`: rc11 or sc")
	update := flags.Bool("update", false, "write the table to model/README.md, seen from the folder above it")
	flags.IntVar(&o.engines, "parallel", 2, "engines of the second measurement; 1 leaves it out")
	flags.StringVar(&o.profile, "cpuprofile", "", "write a profile to `file`, for go tool pprof")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q: select programs with -run", flags.Arg(0))
	}
	switch *memory {
	case "rc11":
	case "sc":
		o.memory = model.SC
	default:
		return o, fmt.Errorf("-memory %q is unknown: use rc11 or sc", *memory)
	}
	if o.engines < 1 {
		return o, fmt.Errorf("-parallel %d: use 1 or more", o.engines)
	}
	var err error
	if o.run, err = regexp.Compile(*run); err != nil {
		return o, fmt.Errorf("-run: %w", err)
	}
	if !slices.ContainsFunc(programs, func(p program) bool { return o.run.MatchString(p.name) }) {
		return o, fmt.Errorf("no program matches -run %s", *run)
	}
	if *update {
		if *run != "" || o.memory != model.RC11 {
			return o, errors.New("-update needs every program, under rc11: leave out -run and -memory")
		}
		o.update = "model/README.md"
	}
	return o, nil
}

// measure measures the selected programs and prints the table.
func measure(ctx context.Context, o options) (err error) {
	if o.profile != "" {
		file, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	var rows []row
	for i := range programs {
		p := &programs[i]
		if !o.run.MatchString(p.name) {
			continue
		}
		for _, n := range p.sizes {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			fmt.Fprintf(os.Stderr, "%s ...\n", p.title(n))
			r, err := p.measure(ctx, n, o)
			if err != nil {
				return err
			}
			rows = append(rows, r)
		}
	}
	fmt.Println(render(rows, o).Render())
	if o.update != "" {
		return writeTable(o.update, rows, o)
	}
	return nil
}
