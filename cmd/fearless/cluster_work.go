package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/fearless-go/fearless/cluster"
)

func runClusterWork(ctx context.Context, args []string, std stdio) error {
	var a cluster.Address
	e := executor{}
	flags := flag.NewFlagSet("cluster work", flag.ContinueOnError)
	flags.StringVar(&a.URL, "server", "nats://127.0.0.1:4222", "the cluster's `url`")
	addressFlags(flags, &a)
	dir := flags.String("dir", "", "keep binaries in `folder` (default in the user's cache)")
	sandbox := flags.String("sandbox", "", "run binaries by this `command`, such as \"bwrap --ro-bind / / --bind /tmp /tmp --dev /dev --proc /proc --unshare-all --die-with-parent\"; they write to TMPDIR only")
	memory := flags.Int("memory", 0, "end a binary that takes more than so many `MiB` (linux); the piece then fails")
	flags.DurationVar(&e.limit, "limit", 10*time.Minute, "end a binary that is at one piece for so long; the piece then fails")
	deadline := flags.Duration("deadline", 30*time.Second, "how long a worker may not be heard of before another one gets its piece; the first worker of a cluster decides")
	eof := flags.Bool("until-eof", false, "end when standard input does")
	rest, err := parse(flags, "[flags]", args, std)
	if err != nil {
		return err
	}
	switch {
	case len(rest) > 0:
		return usagef("cluster work: %q is one argument too many: it takes flags only", rest[0])
	case *memory < 0 || e.limit <= 0 || *deadline < time.Second:
		return usagef("cluster work: -limit must be more than 0, -deadline at least a second, and -memory not negative")
	case *memory > 0 && (runtime.GOOS != "linux" || *sandbox != ""):
		return usagef("cluster work: -memory is for linux without -sandbox: let the command of -sandbox limit memory")
	}
	completeAddress(&a)
	e.memory, e.sandbox = int64(*memory)<<20, strings.Fields(*sandbox)
	if *eof {
		var stop context.CancelFunc
		ctx, stop = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, std.in) // an error is an end, too
			stop()
		}()
	}
	c, err := cluster.Connect(ctx, a)
	if err != nil && ctx.Err() != nil {
		return nil // it was stopped before it began
	}
	if err != nil {
		return clusterError("cluster work", err)
	}
	defer c.Close()
	w := &cluster.Worker{Conn: c, System: thisSystem(), Dir: *dir, Deadline: *deadline, Do: e.do, Log: logTo(std.err)}
	if !*eof {
		fmt.Fprintf(std.out, "working for %s, team %s, as %s; whoever may submit there may run code here\n", a.Place(), a.TeamName(), w.System)
	}
	return clusterError("cluster work", w.Run(ctx))
}

// thisSystem is which binaries this fearless can run.
func thisSystem() string {
	if v := os.Getenv("FEARLESS_CLUSTER_VERSION"); v != "" {
		return cluster.System(v) // of a test
	}
	return builtSystem()
}

// builtSystem is thisSystem by what this executable was built of. One that was built of
// files that no revision names is told by what it holds: two of those may share
// a version and differ.
var builtSystem = sync.OnceValue(func() string {
	v := thisVersion()
	switch {
	case v.Revision != "" && !strings.HasSuffix(v.Revision, "+"):
		return cluster.System(v.Revision[:min(len(v.Revision), 12)])
	case v.Revision == "" && v.Version != "(devel)" && v.Version != "(unknown)":
		return cluster.System(v.Version)
	}
	sum, err := hashOfSelf()
	if err != nil {
		return cluster.System(fmt.Sprintf("%s-%d", v.Version, os.Getpid())) // it is like no other
	}
	return cluster.System("built-" + sum)
})

func hashOfSelf() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(self)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

func logTo(w io.Writer) func(string, ...any) {
	return func(format string, args ...any) { fmt.Fprintf(w, "fearless: "+format+"\n", args...) }
}
