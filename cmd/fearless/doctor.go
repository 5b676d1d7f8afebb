package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/fearless-go/fearless/schedtest"
)

func doctorCommand() command {
	return command{
		name:    "doctor",
		args:    "[-json]",
		summary: "tell which of the commands will work here, and what the others need",
		run:     runDoctor,
	}
}

// A diagnosis is what doctor says of one thing that the commands need.
type diagnosis struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Found  string `json:"found"`            // what is there
	Remedy string `json:"remedy,omitempty"` // what does not work without it, and what to do
}

func runDoctor(ctx context.Context, args []string, std stdio) error {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print an array of {name, ok, found, remedy}")
	rest, err := parse(flags, "[-json]", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("doctor: %q is one argument too many: it takes none", rest[0])
	}
	list := diagnose(ctx)
	if *asJSON {
		enc := json.NewEncoder(std.out)
		enc.SetIndent("", "  ")
		err = enc.Encode(list)
	} else {
		for _, d := range list {
			mark := "ok     "
			if !d.OK {
				mark = "MISSING"
			}
			fmt.Fprintf(std.out, "%s  %-14s %s\n", mark, d.Name, d.Found)
			if d.Remedy != "" {
				fmt.Fprintf(std.out, "         %-14s %s\n", "", d.Remedy)
			}
		}
	}
	for _, d := range list {
		if !d.OK && err == nil {
			err = errReported
		}
	}
	return err
}

func diagnose(ctx context.Context) []diagnosis {
	return []diagnosis{doctorGo(ctx), doctorCompiler(ctx), doctorOverlay(ctx), doctorCache(), doctorModule(ctx)}
}

// goEnv returns the values of the go command's variables, one for each name.
func goEnv(ctx context.Context, names ...string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"), nil
}

func doctorGo(ctx context.Context) diagnosis {
	d := diagnosis{Name: "go"}
	values, err := goEnv(ctx, "GOVERSION")
	if err != nil {
		d.Found = fmt.Sprintf("no go command: %v", err)
		d.Remedy = "every command but litmus runs it: install Go 1.26 or later, and put its bin folder on the PATH"
		return d
	}
	d.Found = values[0]
	d.OK = version.Compare(values[0], "go1.26") >= 0
	switch {
	case !d.OK:
		d.Remedy = "fearless needs Go 1.26 or later: install it, or let GOTOOLCHAIN=auto fetch it"
	case version.Compare(values[0], "go1.28") >= 0:
		d.Remedy = "a release that this fearless does not know: the library works, by its slower, portable paths"
	}
	return d
}

func doctorCompiler(ctx context.Context) diagnosis {
	d := diagnosis{Name: "C compiler", Remedy: "-race needs one, and with it fearless prove and test -race: install gcc or clang, or set CC; do not set CGO_ENABLED=0"}
	values, err := goEnv(ctx, "CC", "CGO_ENABLED")
	if err != nil || len(values) != 2 {
		d.Found = "not known without a go command"
		return d
	}
	compiler, _, _ := strings.Cut(values[0], " ")
	path, err := exec.LookPath(compiler)
	switch {
	case err != nil:
		d.Found = fmt.Sprintf("%s is not on the PATH", compiler)
	case values[1] != "1":
		d.Found = "CGO_ENABLED is " + values[1]
	default:
		d.OK, d.Found, d.Remedy = true, path, ""
	}
	return d
}

func doctorOverlay(ctx context.Context) diagnosis {
	d := diagnosis{Name: "scheduler"}
	v, err := schedtest.Supported(ctx, schedtest.Options{})
	var anchor *schedtest.AnchorError
	switch {
	case err == nil:
		d.OK = true
		d.Found = "tests can be built over " + v + " with the controlled scheduler"
	case errors.As(err, &anchor):
		d.Found = err.Error()
		d.Remedy = "fearless test and prove will not run; the other commands do"
	default:
		d.Found = err.Error()
		d.Remedy = "fearless test and prove will not run until this is mended"
	}
	return d
}

func doctorCache() diagnosis {
	d := diagnosis{Name: "cache", Remedy: "the overlay and the test binaries are kept there: set HOME or XDG_CACHE_HOME to a folder that can be written to"}
	user, err := os.UserCacheDir()
	if err != nil {
		d.Found = err.Error()
		return d
	}
	dir := filepath.Join(user, "fearless")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		d.Found = err.Error()
		return d
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		d.Found = err.Error()
		return d
	}
	f.Close()
	os.Remove(f.Name())
	d.OK, d.Found, d.Remedy = true, dir, ""
	return d
}

func doctorModule(ctx context.Context) diagnosis {
	d := diagnosis{Name: "module", OK: true}
	values, err := goEnv(ctx, "GOMOD", "GOFLAGS")
	if err != nil || len(values) != 2 {
		d.OK, d.Found, d.Remedy = false, "not known without a go command", "start fearless in a folder of the module that it is to look at"
		return d
	}
	switch {
	case values[0] == "" || values[0] == os.DevNull:
		d.OK, d.Found, d.Remedy = false, "this folder is in no module", "vet, test, prove and model look at a module: change to a folder of one"
	case strings.Contains(values[1], "-overlay"):
		d.Found = values[0]
		d.Remedy = "GOFLAGS has an -overlay: fearless test adds its own to it, and refuses one that replaces the same files of the distribution"
	default:
		d.Found = values[0]
	}
	return d
}
