// Command eval measures fearless test on bugs whose truth is known, which
// every Go distribution has on board: the 62 real blocking bugs of GoBench's
// GoKer, and the race detector's own tests.
//
//	go run ./schedtest/eval            print the tables
//	go run ./schedtest/eval -update    also write them to schedtest/README.md
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/marks"
)

// settings are the flags.
type settings struct {
	goker, race, speed, replay, plain, update bool
	schedules                                 int
	duration                                  time.Duration
	run, readme                               string
}

func main() {
	var s settings
	flag.BoolVar(&s.goker, "goker", true, "run the kernels of GoKer")
	flag.BoolVar(&s.race, "race", true, "run the race detector's tests")
	flag.BoolVar(&s.speed, "speed", true, "measure schedules a second")
	flag.BoolVar(&s.replay, "replay", true, "replay a seed in 1,000 processes")
	flag.BoolVar(&s.plain, "plain", true, "also run plain go test -race, as long as each of ours took")
	flag.BoolVar(&s.update, "update", false, "write the tables to the README")
	flag.IntVar(&s.schedules, "schedules", 10_000, "schedules for each kernel; a tenth for each race test")
	flag.DurationVar(&s.duration, "duration", time.Minute, "no longer than this for each test")
	flag.StringVar(&s.run, "run", "", "only tests whose name matches `pattern`")
	flag.StringVar(&s.readme, "readme", "schedtest/README.md", "the `file` that -update writes to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	var b bytes.Buffer
	goroot, version, err := distribution(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "Measured with %s, `go run ./schedtest/eval -update`.\n", version)
	for _, part := range []struct {
		wanted bool
		run    func(context.Context, settings, string, *bytes.Buffer) error
	}{{s.speed, speed}, {s.replay, replay}, {s.goker, goker}, {s.race, race}} {
		if !part.wanted {
			continue
		}
		from := b.Len()
		if err := part.run(ctx, s, goroot, &b); err != nil {
			return err
		}
		os.Stdout.Write(b.Bytes()[from:])
	}
	if s.update {
		return marks.Replace(s.readme, "eval", "\n"+b.String()+"\n")
	}
	return nil
}

func distribution(ctx context.Context) (goroot, version string, err error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return "", "", fmt.Errorf("cannot run go env: %w", err)
	}
	goroot, version, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(goroot), strings.TrimSpace(version), nil
}
