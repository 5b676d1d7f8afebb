// Command upstream proves tests of modules that nobody here wrote, as they are, and prints
// the table of ../PROVE.md. Begin reading at prove; which tests, upstream.txt says.
//
//	go run ./schedtest/upstream                   print the table
//	go run ./schedtest/upstream -update           also write it to schedtest/PROVE.md
//	go run ./schedtest/upstream -module x/sync    only modules whose path has that in it
//
// It is an error if one of the tests is not proven. The modules come from the module
// proxy, in the versions that upstream.txt names; the standard library is the go command's own.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/fearless-go/fearless/internal/marks"
)

//go:embed upstream.txt
var text string

func main() {
	module := flag.String("module", "", "only modules whose path has this `text` in it")
	update := flag.Bool("update", false, "write the table to the file that -file names")
	file := flag.String("file", "schedtest/PROVE.md", "the `file` that -update writes to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *module, *update, *file); err != nil {
		fmt.Fprintln(os.Stderr, "upstream:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string, update bool, file string) error {
	list, err := parse(text)
	if err != nil {
		return err
	}
	var rows []row
	for _, m := range list {
		if !strings.Contains(m.path, only) {
			continue
		}
		more, err := prove(ctx, m)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
		fmt.Fprintf(os.Stderr, "%s: %d tests\n", m.path, len(more))
	}
	table := format(rows)
	fmt.Print(table)
	if update {
		return marks.Replace(file, "upstream", table)
	}
	return nil
}
