package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	measure := flag.Bool("measure", false, "measure the costs here, and print them")
	file := flag.String("costs", "", "reckon with the costs of `file`, as -measure prints them")
	flag.Parse()
	if err := run(*measure, *file, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "simulation:", err)
		os.Exit(1)
	}
}

func run(measure bool, file string, out io.Writer) error {
	text := measured
	if measure {
		c, err := measureCosts()
		if err != nil {
			return err
		}
		enc := json.NewEncoder(out)
		enc.SetIndent("", "\t")
		return enc.Encode(c)
	}
	if file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return err
		}
	}
	c, err := readCosts(text)
	if err != nil {
		return err
	}
	return table(c, out)
}

var sizes = []int{1, 2, 4, 8, 16, 64, 250, 500, 1000, 2000, 4000}

// table prints a line for each number of workers. An exploration takes one worker
// so many hours that a thousand have ten minutes of it.
func table(c Costs, out io.Writer) error {
	work := 1000 * 10 * time.Minute
	fmt.Fprintln(out, "| workers | faster | of the ideal | pieces a second | messages a second | MB a second | server busy | coordinator busy |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, n := range sizes {
		total := work
		if n < 64 {
			total = time.Duration(n) * 10 * time.Minute // the same for each worker: it is what the coordinator does that counts
		}
		o := simulate(c, n, total, 1)
		times := tenths(int64(total), int64(o.Took))
		_, err := fmt.Fprintf(out, "| %d | %s | %d %% | %s | %d | %s | %d %% | %d %% |\n", n, times, 100*int64(total)/int64(o.Took)/int64(n),
			tenths(o.Pieces*int64(time.Second), int64(o.Took)), o.Messages*int64(time.Second)/int64(o.Took),
			tenths(o.Bytes*1000/1_000_000*int64(time.Millisecond), int64(o.Took)), 100*int64(o.Server)/int64(o.Took), 100*int64(o.Coordinator)/int64(o.Took))
		if err != nil {
			return err
		}
	}
	return nil
}

// tenths is a quotient with one digit behind the point.
func tenths(a, b int64) string {
	q := a / b
	return fmt.Sprintf("%d.%d", q, (a-q*b)*10/b)
}
