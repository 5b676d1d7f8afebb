package model

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Flags of a test binary, which "fearless model" sets. They overrule the
// options in the source.
var (
	flagParallel      = flag.Int("model.parallel", 0, "explore on `n` engines at once")
	flagMaxExecutions = flag.Int("model.max-executions", 0, "end each exploration after `n` executions")
	flagMaxDuration   = flag.Duration("model.max-duration", 0, "end each exploration after `d`")
	flagBound         = flag.Int("model.bound", 0, "fail an execution with more than `n` events")
	flagUnroll        = flag.Int("model.unroll", 0, "cut a thread that comes to one operation more than `n` times")
	flagCheckpoint    = flag.String("model.checkpoint", "", "keep in `folder` what is left of an exploration that ended early, and go on from there")
	flagHTML          = flag.String("model.html", "", "write the execution of a failure, or the first ones of what passes, to a page in `folder`")
	flagReport        = flag.String("model.report", "", "append progress and results to `file`, a JSON object a line; a file of that name and .stop is an interrupt")
	flagReplay        = flag.String("model.replay", "", "run only the `execution` that a failure names; use it with -run")
	flagPiece         = flag.String("model.piece", "", "do what `file` says: a part of an exploration, for \"fearless cluster\"")
	flagMemory        flagOption
	flagSeed          flagOption
	flagLocks         flagOption
	flagShard         flagOption
)

func init() {
	flag.Var(&flagMemory, "model.memory", "memory `model`: rc11 or sc")
	flag.Var(&flagSeed, "model.seed", "take executions at random, those of this `number`")
	flag.Var(&flagShard, "model.shard", "explore only part `i/n`")
	flag.Var(&flagLocks, "model.locks", "a Mutex is `event` (one each for lock and unlock) or shipped (the code that ships)")
	flagMemory.parse, flagSeed.parse, flagShard.parse, flagLocks.parse = ParseMemory, parseSeed, ParseShard, ParseLocks
}

// A flagOption is a flag that is an Option.
type flagOption struct {
	text   string
	option Option
	parse  func(string) (Option, error)
}

func (f *flagOption) String() string { return f.text }

func (f *flagOption) Set(text string) (err error) {
	f.text = text
	f.option, err = f.parse(text)
	return err
}

// ParseMemory reads what the flag -memory takes: rc11 or sc.
func ParseMemory(text string) (Option, error) {
	switch text {
	case "rc11":
		return Memory(RC11), nil
	case "sc":
		return Memory(SC), nil
	}
	return nil, fmt.Errorf("memory model %q is unknown: use rc11 or sc", text)
}

// ParseLocks reads what the flag -locks takes: event or shipped.
func ParseLocks(text string) (Option, error) {
	switch text {
	case "event":
		return Locks(OneEvent), nil
	case "shipped":
		return Locks(Shipped), nil
	}
	return nil, fmt.Errorf("locks %q are unknown: use event or shipped", text)
}

func parseSeed(text string) (Option, error) {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return nil, fmt.Errorf("seed %q: use a number from 0 to 2^64-1", text)
	}
	return Seed(n), nil
}

// ParseShard reads what the flag -shard takes: i/n, such as 1/4.
func ParseShard(text string) (Option, error) {
	left, right, ok := strings.Cut(text, "/")
	part, err := strconv.Atoi(left)
	n, err2 := strconv.Atoi(right)
	if !ok || err != nil || err2 != nil || part < 1 || part > n {
		return nil, fmt.Errorf("shard %q: write i/n with 1 <= i <= n, such as 1/4", text)
	}
	return Shard(part, n), nil
}

// flagOptions are the options that the flags ask for.
func flagOptions(t testing.TB, name string) []Option {
	t.Helper()
	var opts []Option
	if *flagParallel > 0 {
		opts = append(opts, Parallel(*flagParallel))
	}
	if *flagMaxExecutions > 0 {
		opts = append(opts, MaxExecutions(*flagMaxExecutions))
	}
	if *flagMaxDuration > 0 {
		opts = append(opts, MaxDuration(*flagMaxDuration))
	}
	if *flagBound > 0 {
		opts = append(opts, Bound(*flagBound))
	}
	if *flagUnroll > 0 {
		opts = append(opts, Unroll(*flagUnroll))
	}
	for _, f := range []flagOption{flagMemory, flagSeed, flagShard, flagLocks} {
		if f.option != nil {
			opts = append(opts, f.option)
		}
	}
	if *flagCheckpoint != "" || *flagReport != "" {
		opts = append(opts, Context(interrupted()))
	}
	if *flagCheckpoint != "" {
		opts = append(opts, Checkpoint(filepath.Join(*flagCheckpoint, checkpointName(t.Name(), name))))
	}
	if *flagReplay != "" {
		opts = append(opts, Replay(*flagReplay))
	}
	return opts
}

// checkpointName is the file of a check: A/b and A_b, of which the names for files
// are one, have two.
func checkpointName(test, name string) string {
	if strings.HasPrefix(name, test) {
		return name + ".json"
	}
	h := fnv.New32a()
	io.WriteString(h, test)
	return fmt.Sprintf("%s-%08x.json", name, h.Sum32())
}

// interrupted is done at the first interrupt, which ends all explorations in
// good order, so that what they have found is told, and what is left is kept.
// The next one ends the process.
var interrupted = sync.OnceValue(func() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	if *flagReport != "" {
		go awaitFile(*flagReport+".stop", stop)
	}
	return ctx
})

// awaitFile calls found once there is a file of that name. A signal reaches a
// test binary only from a terminal: "go test" passes none on, and Windows has none.
func awaitFile(name string, found func()) {
	for {
		if _, err := os.Stat(name); err == nil {
			found()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// replayOf splits what a failure prints for Replay into the name of the check,
// if it has one, and the execution.
func replayOf(word string) (check, execution string) {
	if i := strings.LastIndexByte(word, ':'); i >= 0 {
		return word[:i], word[i+1:]
	}
	return "", word
}

// otherReplay reports whether -model.replay names another check than this one,
// and says so. Another check of the same test, or of one below or above it, is
// as it should be; an entirely other test is an error.
func otherReplay(t testing.TB, name string) bool {
	t.Helper()
	check, _ := replayOf(*flagReplay)
	if check == "" || check == name {
		return false
	}
	t.Logf("model: this is check %s, and the execution to replay is one of %s", name, check)
	if test, _, _ := strings.Cut(t.Name(), "/"); check != test && !strings.HasPrefix(check, test+"_") && !strings.HasPrefix(check, test+"-") {
		t.Errorf("model: nothing is replayed here: run the test of %s", check)
	}
	return true
}

// checks counts the checks of each test that runs.
var checks struct {
	sync.Mutex
	n map[string]int
}

// checkName is a name for the files of the next check of the test, and the number
// of that check in it, from 1.
func checkName(t testing.TB) (string, int) {
	test := t.Name()
	checks.Lock()
	defer checks.Unlock()
	if checks.n == nil {
		checks.n = make(map[string]int)
	}
	if checks.n[test]++; checks.n[test] == 1 {
		t.Cleanup(func() {
			checks.Lock()
			defer checks.Unlock()
			delete(checks.n, test)
		})
	}
	name := strings.NewReplacer("/", "_", "\\", "_", " ", "_", ":", "_").Replace(test)
	n := checks.n[test]
	if n > 1 {
		name += fmt.Sprintf("-%d", n)
	}
	return name, n
}
