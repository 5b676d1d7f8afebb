package schedtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

func ExampleRun() {
	report, err := schedtest.Run(context.Background(), schedtest.Options{
		Dir:       "testdata/bugs",
		Run:       "^TestDeadlock$",
		Schedules: 1000,
		Duration:  time.Minute,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Findings() {
		fmt.Println(t.Test, "-", t.Finding.Kind)
		for _, g := range t.Finding.Goroutines {
			fmt.Println(g.State)
		}
	}
	// Output:
	// TestDeadlock - deadlock
	// sync.WaitGroup.Wait
	// sync.Mutex.Lock
	// sync.Mutex.Lock
}

// What a CI tool does: all packages, within limits, with progress on standard
// error, reports in files, and the verdict as its exit status.
func ExampleRun_continuousIntegration() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	report, err := schedtest.Run(ctx, schedtest.Options{
		Patterns: []string{"./..."}, Race: true, Short: true,
		Schedules: 1000, Duration: 10 * time.Second, Timeout: 10 * time.Minute, UntilSaturated: true,
		Progress: func(p schedtest.Progress) { fmt.Fprintf(os.Stderr, "%s %s %d\n", p.Package, p.Test, p.Schedules) },
	})
	if err != nil {
		log.Fatal(err) // nothing, or not all, could be run
	}
	file, err := os.Create("junit.xml")
	if err != nil {
		log.Fatal(err)
	}
	if err := errors.Join(report.WriteJUnit(file), file.Close(), report.WriteText(os.Stdout, false)); err != nil {
		log.Fatal(err)
	}
	os.Exit(report.Verdict().ExitStatus())
}

// A failing schedule under another debugger than delve.
func ExampleDebuggee() {
	_, err := schedtest.Run(context.Background(), schedtest.Options{
		Run: "^TestABBA$", Replay: "v1:switches:b335c375c8ae1f62:2.10.4,4.4.3",
		Debug: func(ctx context.Context, d *schedtest.Debuggee) error {
			gdb := exec.CommandContext(ctx, "gdb", append([]string{"-ex", "break " + d.Break, "-ex", "run", "--args", d.Binary}, d.Args...)...)
			gdb.Dir, gdb.Env = d.Dir, d.Env
			gdb.Stdin, gdb.Stdout, gdb.Stderr = os.Stdin, os.Stdout, os.Stderr
			return gdb.Run()
		},
	})
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleParseSeed() {
	seed, err := schedtest.ParseSeed("v1:pct:d3:n120:81f3a0b2c4d5e6f7")
	fmt.Println(seed.Depth, seed.Length, err)
	_, err = schedtest.ParseSeed("v1:pct:d3:81f3")
	fmt.Println(err)
	// Output:
	// 3 120 <nil>
	// seed "v1:pct:d3:81f3" is not whole: "81f3" is not understood; copy it as the failure printed it, from v1 to the end
}

func ExampleReport_WriteText() {
	report := &schedtest.Report{Results: []schedtest.TestResult{{Package: "example.test/p", Test: "TestX", Schedules: 10_000, Elapsed: time.Second}}}
	if err := report.WriteText(os.Stdout, false); err != nil {
		log.Fatal(err)
	}
	// Output:
	// ok  	example.test/p	1.000s	10000 schedules of 1 tests
}
