package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func mcpCommand() command {
	return command{
		name:    "mcp",
		summary: "serve vet, test, prove, model and replay to an editor or assistant, by the Model Context Protocol on standard input and output",
		run:     runMCP,
	}
}

func runMCP(ctx context.Context, args []string, std stdio) error {
	rest, err := parse(flag.NewFlagSet("mcp", flag.ContinueOnError), "", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("mcp: unexpected argument %q: it takes none; the client names folders and packages", rest[0])
	}
	in, ok := std.in.(io.ReadCloser)
	if !ok {
		in = io.NopCloser(std.in)
	}
	err = mcpServer().Run(ctx, &mcp.IOTransport{Reader: in, Writer: withoutClose{std.out}})
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil // the client has gone
	}
	return err
}

type withoutClose struct{ io.Writer }

func (withoutClose) Close() error { return nil }

// mcpTarget is what every tool takes.
type mcpTarget struct {
	Dir      string   `json:"dir" jsonschema:"the folder of the module, or one below it, as an absolute path"`
	Packages []string `json:"packages,omitempty" jsonschema:"package patterns such as ./queue; all of the module if there is none"`
	Run      string   `json:"run,omitempty" jsonschema:"only tests whose name matches this regular expression; not for vet"`
}

// mcpTimed is for the tools that go on for as long as they are given.
type mcpTimed struct {
	mcpTarget
	Duration string `json:"duration,omitempty" jsonschema:"no longer than this for each test, such as 10s; the default is 10s"`
	Race     bool   `json:"race,omitempty" jsonschema:"let the race detector judge every schedule, which takes longer; prove always does"`
}

type mcpReplay struct {
	mcpTarget
	Seed string `json:"seed" jsonschema:"the seed behind -replay in the line that begins with replay:, without quotes"`
}

// mcpServer is a server with a tool for each command that looks at code. Each
// answer is what the command prints on a terminal.
func mcpServer() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "fearless", Version: thisVersion().Version}, nil)
	yes, no := true, false
	reads := func(name, title, description string) *mcp.Tool {
		return &mcp.Tool{Name: name, Description: description, Annotations: &mcp.ToolAnnotations{Title: title, ReadOnlyHint: true, OpenWorldHint: &no}}
	}
	runs := func(name, title, description string) *mcp.Tool {
		return &mcp.Tool{Name: name, Description: description, Annotations: &mcp.ToolAnnotations{Title: title, DestructiveHint: &no, OpenWorldHint: &yes}}
	}
	addTool(s, reads("vet", "fearless vet", "Find data races, deadlocks, leaked goroutines and locks that are kept, without running the code."),
		func(in mcpTarget) ([]string, error) {
			if in.Run != "" {
				return nil, errors.New("run: vet runs no tests; name packages instead")
			}
			return in.arguments("vet")
		})
	addTool(s, runs("test", "fearless test", "Run unmodified Go tests under thousands of schedules. A failure has a seed that replays it. Passing is no proof."),
		func(in mcpTimed) ([]string, error) { return in.arguments("test") })
	addTool(s, runs("prove", "fearless prove", "Run small unmodified Go tests under every schedule that differs: proven, failed with a schedule, or why neither can be said."),
		func(in mcpTimed) ([]string, error) {
			in.Race = false // it is on by default there
			return in.arguments("prove")
		})
	addTool(s, runs("model", "fearless model", "Run model.Check tests of lock-free code under every interleaving and reordering that the memory model allows."),
		func(in mcpTarget) ([]string, error) { return in.arguments("model") })
	addTool(s, runs("replay", "fearless test -replay", "Run one failing schedule again that test or prove has found, with the steps that matter."),
		func(in mcpReplay) ([]string, error) {
			if in.Seed == "" {
				return nil, errors.New("seed: none is given; a failing test prints it")
			}
			return in.arguments("test", "-v", "-replay="+in.Seed)
		})
	return s
}

// arguments are those of the command line, with flags before the packages.
// What a client gives is never taken for a flag.
func (t mcpTarget) arguments(command string, flags ...string) ([]string, error) {
	info, err := os.Stat(t.Dir)
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("dir: %q is no folder; give the absolute path of the module", t.Dir)
	}
	args := append([]string{command, "-C=" + t.Dir}, flags...)
	if t.Run != "" {
		args = append(args, "-run="+t.Run)
	}
	for _, p := range t.Packages {
		if p == "" || strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("packages: %q is no package pattern; give one such as ./queue", p)
		}
	}
	if len(t.Packages) == 0 {
		return append(args, "./..."), nil
	}
	return append(args, t.Packages...), nil
}

func (t mcpTimed) arguments(command string) ([]string, error) {
	duration := 10 * time.Second
	if t.Duration != "" {
		d, err := time.ParseDuration(t.Duration)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("duration: %q is no time; give one such as 10s", t.Duration)
		}
		duration = d
	}
	flags := []string{"-duration=" + duration.String()}
	if t.Race {
		flags = append(flags, "-race")
	}
	return t.mcpTarget.arguments(command, flags...)
}

func addTool[In any](s *mcp.Server, tool *mcp.Tool, arguments func(In) ([]string, error)) {
	mcp.AddTool(s, tool, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
		args, err := arguments(in)
		if err != nil {
			return nil, nil, err
		}
		text, failed, err := runSelf(ctx, args)
		if err != nil {
			return nil, nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}, IsError: failed}, nil, nil
	})
}

// mostAnswer is how much of a command's output an answer holds, in bytes.
const mostAnswer = 64 << 10

// runSelf runs this executable with args and returns what it printed, under a
// line that says how it ended. failed says that it could not run: a finding is
// a result.
func runSelf(ctx context.Context, args []string) (text string, failed bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", false, err
	}
	cmd := exec.CommandContext(ctx, self, args...)
	if runtime.GOOS != "windows" { // which has no way to interrupt a process
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	}
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", false, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", false, err
	}
	word := map[int]string{
		exitOK:        "nothing was found",
		exitFailure:   "something was found",
		exitUsage:     "it could not run",
		exitUndecided: "nothing failed, but something is undecided",
	}[cmd.ProcessState.ExitCode()]
	if word == "" {
		word = cmd.ProcessState.String()
	}
	printed := out.String()
	if n := len(printed) - mostAnswer; n > 0 {
		printed = printed[:mostAnswer] + fmt.Sprintf("\n… %d bytes more are left out: name packages or tests to see less\n", n)
	}
	code := cmd.ProcessState.ExitCode()
	return fmt.Sprintf("%s (fearless %s)\n%s", word, strings.Join(args, " "), printed), code != exitOK && code != exitFailure && code != exitUndecided, nil
}
