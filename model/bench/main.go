// Command bench explores the scaling programs of GenMC's test suite (MPI-SWS;
// written anew against this library) and prints how many executions each has
// and how many are explored in a second. If a genmc is on the PATH, and its
// sources are named, it runs that beside us.
//
//	go run ./model/bench [-parallel N] [-run REGEXP] [-genmc-tests FOLDER]
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/fearless-go/fearless/model"
)

func main() {
	if !model.Enabled {
		os.Exit(again())
	}
	parallel := flag.Int("parallel", 1, "engines for each program")
	only := flag.String("run", ".", "`regexp` of the programs to run")
	folder := flag.String("genmc-tests", "", "`folder` of GenMC's tests/correct, to run a genmc on the PATH beside us")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil || *parallel < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "bench: use -parallel N, N at least 1, and -run with a regular expression;", err)
		os.Exit(2)
	}
	var chosen []program
	for _, p := range programs() {
		if pattern.MatchString(p.name) {
			chosen = append(chosen, p)
		}
	}
	if !runAll(os.Stdout, chosen, *parallel, *folder) {
		os.Exit(1)
	}
}

// again runs this command with the tag that it needs.
func again() int {
	args := append([]string{"run", "-tags", "fearless_model", "github.com/fearless-go/fearless/model/bench"}, os.Args[1:]...)
	cmd := exec.Command("go", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "bench: go %s: %v\n", strings.Join(args, " "), err)
		return 1
	}
	return 0
}
