// Command kernels has fearless prove judge the kernels of GoBench, each a bug of a
// well-known program made small, and prints the tables of ../PROVE.md. Begin reading at
// run; where the kernels come from, source.go says.
//
//	go run ./schedtest/kernels                     those that the Go distribution has
//	go run ./schedtest/kernels -gobench folder     also the originals, of a clone of github.com/timmyyuan/gobench there
//	go run ./schedtest/kernels -gobench folder -update
//
// The kernels themselves are not part of this project.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/fearless-go/fearless/internal/marks"
)

// settings are the flags.
type settings struct {
	gobench, pattern, file string
	duration               time.Duration
	update                 bool
}

func main() {
	var s settings
	flag.StringVar(&s.gobench, "gobench", "", "also the originals, of a clone of GoBench in this `folder`")
	flag.StringVar(&s.pattern, "run", "", "only kernels whose test's name matches `pattern`")
	flag.DurationVar(&s.duration, "duration", time.Minute, "no longer than this for each kernel")
	flag.BoolVar(&s.update, "update", false, "write the tables to the file that -file names")
	flag.StringVar(&s.file, "file", "schedtest/PROVE.md", "the `file` that -update writes to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	if s.update && (s.gobench == "" || s.pattern != "") {
		return fmt.Errorf("-update writes the tables of all kernels: give it -gobench, and no -run")
	}
	version, err := goEnv(ctx, "GOVERSION")
	if err != nil {
		return err
	}
	first, err := prove(ctx, "of the distribution", distribution, s)
	if err != nil {
		return err
	}
	sets := []kernels{first}
	if s.gobench != "" {
		second, err := prove(ctx, "originals", func(_ context.Context, dir string) error { return originals(s.gobench, dir) }, s)
		if err != nil {
			return err
		}
		sets = append(sets, second)
	}
	text := fmt.Sprintf("%s, `go run ./schedtest/kernels -gobench folder -update`, %s, at most %v each.\n\n%s", version, time.Now().Format("2 January 2006"), s.duration, format(sets))
	fmt.Print(text)
	if s.update {
		return marks.Replace(s.file, "kernels", text)
	}
	return nil
}
