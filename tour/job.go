package tour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A job is one press of a button: a sheet as the reader has left it, and a tool.
type job struct {
	workshop *workshop
	command  string // the executable of fearless
	limits   Limits
	sheet    Sheet
	tool     Tool
	source   string
	input    string
	out      *stream

	dir, module string // of this job, and the program in it
}

// Limits are how much a program of a reader may do.
type Limits struct {
	Run    time.Duration // of a program that runs
	Tool   time.Duration // of a checker, and of the compiler
	Output int           // bytes
}

// DefaultLimits are those of the zero Config.
var DefaultLimits = Limits{Run: 30 * time.Second, Tool: 5 * time.Minute, Output: 1 << 20}

// An ending says how a job ended.
type ending struct {
	OK   bool   `json:"ok"`   // it ended by itself, with status 0
	Text string `json:"text"` // in a few words
	Page string `json:"page,omitempty"`
	// Solved says that it was an exercise, and is solved.
	Solved bool `json:"solved,omitempty"`

	status int // of the process, if it ended by itself
}

// picture is the name of the page that a checker draws of what failed.
const picture = "picture.html"

// do runs the job and returns the page that it has drawn, if there is one.
func (j *job) do(ctx context.Context) (end ending, page []byte) {
	dir, err := j.workshop.bench(j.sheet, j.source)
	defer os.RemoveAll(dir)
	if err != nil {
		return ending{Text: err.Error()}, nil
	}
	j.dir, j.module = dir, filepath.Join(dir, "tour")
	j.out.hide(j.module)
	switch j.tool {
	case Run:
		end = j.run(ctx)
	case Race:
		if !canRace(ctx, j.workshop) {
			return ending{Text: "the race detector needs a C compiler, and there is none here: install gcc or clang"}, nil
		}
		end = j.run(ctx, "-race")
	default:
		end = j.check(ctx)
	}
	return end, drawn(dir)
}

// drawn is the page in dir: that of a schedule, or the first of a model.
func drawn(dir string) []byte {
	pages, _ := filepath.Glob(filepath.Join(dir, "pages", "*.html")) // the pattern is right
	for _, name := range append([]string{filepath.Join(dir, picture)}, pages...) {
		if page, err := os.ReadFile(name); err == nil {
			return page
		}
	}
	return nil
}

// run compiles the program with the flags and lets it run.
func (j *job) run(ctx context.Context, flags ...string) ending {
	binary := filepath.Join(j.dir, "program")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	j.out.note("compiling")
	if end := j.start(ctx, j.limits.Tool, "go", append(append([]string{"build"}, flags...), "-o", binary, ".")...); !end.OK {
		if ctx.Err() == nil {
			end.Text = "it does not compile"
		}
		return end
	}
	j.out.note("running")
	end := j.start(ctx, j.limits.Run, binary)
	if end.OK {
		end.Text = "the program has ended"
	}
	return end
}

// check gives the sheet to a checker.
func (j *job) check(ctx context.Context) ending {
	var args []string
	switch j.tool {
	case Vet:
		args = []string{"vet", "-C", j.module, "-tests=false", "."}
	case Schedules:
		args = []string{"test", "-C", j.module, "-run", "TestProgram", "-schedules", "1000", "-duration", "30s", "-html", filepath.Join(j.dir, picture), "."}
	case Prove:
		args = []string{"prove", "-C", j.module, "-run", "TestProgram", "-duration", "60s", "-html", filepath.Join(j.dir, picture)}
		if !canRace(ctx, j.workshop) {
			j.out.note("no C compiler, so the race detector cannot judge: what is proven assumes that there is no data race")
			args = append(args, "-race=false")
		}
		args = append(args, ".")
	case Model:
		args = []string{"model", "-C", j.module, "-v", "-run", "TestEveryExecution", "-max-duration", "60s", "-html", filepath.Join(j.dir, "pages"), "."}
	}
	j.out.note("fearless " + args[0] + ": the first time, what it needs is compiled, which may take a minute")
	end := j.start(ctx, j.limits.Tool, j.command, args...)
	switch {
	case end.OK:
		end.Text = map[Tool]string{
			Vet: "nothing was found", Schedules: "nothing failed in these schedules", Prove: "proven: no schedule fails", Model: "no execution fails",
		}[j.tool]
		end.Solved = j.sheet.Check == j.tool
	case end.status > 0:
		word := map[int]string{1: "something was found", 2: "it could not be checked", 3: "nothing failed, but not everything is decided"}[end.status]
		end.Text = cmp.Or(word, end.Text)
	}
	return end
}

// canRace reports whether there is a C compiler, which -race needs.
func canRace(ctx context.Context, w *workshop) bool {
	cmd := exec.CommandContext(ctx, "go", "env", "CC", "CGO_ENABLED")
	cmd.Dir, cmd.Env = w.dir, w.environment(w.dir)
	out, err := cmd.Output()
	values := strings.Fields(string(out))
	if err != nil || len(values) < 2 || values[len(values)-1] != "1" {
		return false
	}
	_, err = exec.LookPath(values[0])
	return err == nil
}

// start runs a command in a group of processes of its own and waits for it. All
// of the group is killed when it ends, in whatever way.
func (j *job) start(ctx context.Context, limit time.Duration, name string, args ...string) ending {
	limited, cancel := context.WithTimeoutCause(ctx, limit, errTime)
	defer cancel()
	limited, stop := context.WithCancelCause(limited)
	defer stop(nil)
	j.out.onFull(func() { stop(errOutput) })
	cmd := exec.CommandContext(limited, name, args...)
	cmd.Dir, cmd.Env = j.module, j.workshop.environment(j.dir)
	cmd.Stdin = strings.NewReader(j.input)
	cmd.Stdout, cmd.Stderr = j.out, j.out
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	cmd.WaitDelay = 2 * time.Second // for a pipe that a process outside of the group keeps open
	err := cmd.Run()
	_ = killGroup(cmd) // what the program has left behind; mostly nothing
	j.out.flush()
	switch cause := context.Cause(limited); {
	case errors.Is(cause, errTime):
		return ending{Text: fmt.Sprintf("stopped after %v: it had not ended by itself", limit)}
	case errors.Is(cause, errOutput):
		return ending{Text: fmt.Sprintf("stopped: it had printed %d KB, and the rest is cut", j.limits.Output>>10)}
	case ctx.Err() != nil:
		return ending{Text: "stopped"}
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		return ending{OK: true}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return ending{Text: fmt.Sprintf("it ended with status %d", exit.ExitCode()), status: exit.ExitCode()}
	}
	return ending{Text: err.Error()}
}

var (
	errTime   = errors.New("out of time")
	errOutput = errors.New("too much output")
)
