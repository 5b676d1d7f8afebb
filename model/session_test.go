//go:build fearless_model

package model_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// handing hands pointers and a token from thread to thread.
func handing() {
	type node struct {
		next  atomic.Ptr[node]
		value int
	}
	var head atomic.Ptr[node]
	push := func(v int) {
		n := &node{value: v}
		for {
			old := head.Load(relaxed)
			n.next.Store(old, relaxed)
			if _, ok := head.CompareExchangeWeak(old, n, release, relaxed); ok {
				return
			}
		}
	}
	main := thread.Current()
	t := thread.Go(func() { push(1); main.Unpark() })
	u := thread.Go(func() { push(2) })
	thread.ParkTimeout(1)
	seen := ""
	for n := head.Load(acquire); n != nil; n = n.next.Load(acquire) {
		seen += fmt.Sprint(n.value)
	}
	join(t, u)
	model.Observe(seen)
}

// starting has threads that start threads.
func starting() {
	var x atomic.Int32
	two := func(f func()) { join(thread.Go(f), thread.Go(f)) }
	two(func() {
		two(func() { x.Store(x.Load(relaxed)+1, relaxed) })
	})
	model.Observe(x.Load(relaxed))
}

var sessions = map[string]func(){"increments": increments(3), "handing": handing, "Peterson": peterson(same), "Treiber": treiber(true), "starting": starting}

func TestShardsAddUp(t *testing.T) {
	for name, f := range sessions {
		all := explore(t, f)
		for _, n := range []int{1, 2, 3, 50} {
			executions, outcomes := 0, make(map[string]int)
			for i := range n {
				r := explore(t, f, model.Shard(i+1, n))
				executions += r.Executions
				for o, k := range r.Outcomes {
					outcomes[o] += k
				}
			}
			if executions != all.Executions || !maps.Equal(outcomes, all.Outcomes) {
				t.Errorf("%s in %d shards: %d executions, %v; want %d, %v", name, n, executions, outcomes, all.Executions, all.Outcomes)
			}
		}
	}
}

// session explores f with a checkpoint until it is done, or fails.
func session(t *testing.T, file string, f func(), opts ...model.Option) model.Report {
	t.Helper()
	for range 10_000 {
		r := model.Explore(f, append(opts, model.Checkpoint(file))...)
		if r.Failure != nil || r.Exhaustive {
			return r
		}
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("no end")
	return model.Report{}
}

func TestCheckpointsGoOnWhereTheyEnded(t *testing.T) {
	for name, f := range sessions {
		all := explore(t, f)
		for _, engines := range []int{1, 2, 5} {
			file := filepath.Join(t.TempDir(), "left")
			r := session(t, file, f, model.MaxExecutions(max(all.Executions/7, 1)), model.Parallel(engines))
			if r.Failure != nil || r.Executions != all.Executions || !maps.Equal(r.Outcomes, all.Outcomes) {
				t.Errorf("%s on %d: %v; want %v", name, engines, r, all)
			}
			if _, err := os.Stat(file); !os.IsNotExist(err) {
				t.Errorf("%s: the file is still there: %v", name, err)
			}
		}
	}
}

// While it goes on, an exploration leaves a file behind from which another finds
// the rest.
func TestCheckpointsAreWrittenMeanwhile(t *testing.T) {
	defer model.SaveOften()()
	all := explore(t, increments(4))
	file := filepath.Join(t.TempDir(), "left")
	var kept []byte
	r := explore(t, increments(4), model.Checkpoint(file), model.OnProgress(func(p model.Progress) {
		if data, err := os.ReadFile(file); err == nil {
			kept = data
		}
		if p.Over > 1 {
			t.Error(p.Over)
		}
	}), model.MaxExecutions(all.Executions+1))
	if !r.Exhaustive || r.Executions != all.Executions || !maps.Equal(r.Outcomes, all.Outcomes) {
		t.Errorf("%v; want %v", r, all)
	}
	if kept == nil {
		return // too fast a machine to be asked for progress
	}
	if err := os.WriteFile(file, kept, 0o666); err != nil {
		t.Fatal(err)
	}
	if r := explore(t, increments(4), model.Checkpoint(file)); !r.Exhaustive || r.Executions != all.Executions || !maps.Equal(r.Outcomes, all.Outcomes) {
		t.Errorf("from the middle: %v; want %v", r, all)
	}
}

func TestCheckpointsFindTheSameFailure(t *testing.T) {
	for _, tw := range twins {
		want := model.Explore(tw.wrong)
		r := session(t, filepath.Join(t.TempDir(), "left"), tw.wrong, model.MaxExecutions(1))
		if r.Failure == nil || r.Failure.Message != want.Failure.Message {
			t.Errorf("%s: %v; want %v", tw.name, r.Failure, want.Failure)
		}
	}
}

func TestShardsWithCheckpoints(t *testing.T) {
	executions := 0
	for i := range 3 {
		r := session(t, filepath.Join(t.TempDir(), "left"), increments(3), model.Shard(i+1, 3), model.MaxExecutions(9))
		executions += r.Executions
	}
	if want := explore(t, increments(3)).Executions; executions != want {
		t.Errorf("%d executions, want %d", executions, want)
	}
}

func TestContextEndsAnExploration(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := explore(t, increments(4), model.Context(ctx))
	if r.Exhaustive || r.Executions > 1000 {
		t.Errorf("%v", r)
	}
}

// TestProgressIsOfTheWhole explores so many executions that progress is told
// several times on any machine, and that there is an estimate of the whole: 14,400.
func TestProgressIsOfTheWhole(t *testing.T) {
	told := 0
	var last model.Progress
	r := explore(t, increments(4), model.MaxExecutions(12_000), model.OnProgress(func(p model.Progress) {
		told++
		if last = p; p.Over < 0 || p.Over > 1 {
			t.Errorf("%+v", p)
		}
	}))
	e := r.Estimate
	if r.Exhaustive || e.Walks == 0 || e.High > 0 && (e.Low > 13_824 || e.High < 13_824) || e.High == 0 && e.Low > 13_824 {
		t.Errorf("%+v; there are 13,824", e)
	}
	if told > 0 && last.Estimate.High > 0 && last.Over != min(float64(last.Executions)/last.Estimate.Mean, 0.99) {
		t.Errorf("%+v", last)
	}
}

func TestBadCheckpointsAreRefused(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	explore(t, increments(3), model.MaxExecutions(5), model.Checkpoint(good))
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, data string
		opts       []model.Option
		want       string
	}{
		{"empty", "", nil, "delete it to begin anew"},
		{"other", `{"version":7,"left":"AAAA"}`, nil, "version 7"},
		{"damaged", strings.Replace(string(data), `"left":"H4sI`, `"left":"H4sJ`, 1), nil, "damaged"},
		{"function", strings.Replace(string(data), `"of":"`, `"of":"x`, 1), nil, "name another file"},
		{"build", strings.Replace(string(data), `"build":"`, `"build":"0`, 1), nil, "another build"},
		{"memory", string(data), []model.Option{model.Memory(model.SC)}, "memory model rc11"},
		{"shard", string(data), []model.Option{model.Shard(1, 2)}, "shard 0/0"},
	} {
		file := filepath.Join(dir, test.name)
		if err := os.WriteFile(file, []byte(test.data), 0o666); err != nil {
			t.Fatal(err)
		}
		r := model.Explore(increments(3), append(test.opts, model.Checkpoint(file))...)
		if r.Failure == nil || r.Failure.Kind != model.BadOption || !strings.Contains(r.Failure.Message, test.want) {
			t.Errorf("%s: %v; want %q", test.name, r.Failure, test.want)
		}
	}
	r := model.Explore(increments(3), model.Checkpoint(filepath.Join(dir, "no", "folder")), model.MaxExecutions(5))
	if r.Failure == nil || r.Failure.Kind != model.FileError || !errors.Is(r.Failure, fs.ErrNotExist) || !strings.Contains(r.Failure.Message, "checkpoint") {
		t.Error(r.Failure)
	}
	if r := model.Explore(increments(2), model.Shard(3, 2)); r.Failure == nil || !strings.Contains(r.Failure.Message, "Shard(3, 2)") {
		t.Error(r.Failure)
	}
}

// checkWith runs Check with a replay word as the flag has it, as a test of that
// name, and returns what it logged.
func checkWith(t *testing.T, word, name string, f func()) (failed bool, log string) {
	flag := flag.Lookup("model.replay")
	if err := flag.Value.Set(word); err != nil {
		t.Fatal(err)
	}
	defer flag.Value.Set("")
	r := &recorder{TB: t, name: name}
	model.Check(r, f)
	for _, end := range r.ends {
		end()
	}
	return r.failed, r.log.String()
}

// A recorder is a test that keeps what is said to it.
type recorder struct {
	testing.TB
	name   string
	log    strings.Builder
	failed bool
	ends   []func()
}

func (r *recorder) Cleanup(f func())             { r.ends = append(r.ends, f) }
func (r *recorder) Name() string                 { return r.name }
func (r *recorder) Logf(f string, args ...any)   { fmt.Fprintf(&r.log, f+"\n", args...) }
func (r *recorder) Errorf(f string, args ...any) { r.failed = true; r.Logf(f, args...) }

func TestAReplayNamesItsCheck(t *testing.T) {
	failed, log := checkWith(t, "", "TestPublish", publish(relaxed))
	_, rest, ok := strings.Cut(log, "replay: -model.replay=")
	word, _, _ := strings.Cut(rest, "\n")
	if !failed || !ok || !strings.HasPrefix(word, "TestPublish:") {
		t.Fatal(log)
	}
	if failed, log := checkWith(t, word, "TestPublish", publish(relaxed)); !failed || !strings.Contains(log, "data race on data") {
		t.Error(log)
	}
	if failed, log := checkWith(t, word, "TestOther", publish(relaxed)); !failed || !strings.Contains(log, "this is check TestOther, and the execution to replay is one of TestPublish") ||
		!strings.Contains(log, "run the test of TestPublish") || strings.Contains(log, "data race") {
		t.Error(log)
	}
	// Another check of the same test has its turn, and nothing to say.
	if failed, log := checkWith(t, strings.Replace(word, ":", "-2:", 1), "TestPublish", publish(relaxed)); failed || !strings.Contains(log, "is one of TestPublish-2") {
		t.Error(failed, log)
	}
}

// What the first part of an exploration has met still stands when another goes on.
func TestACheckpointKeepsWhatWasMet(t *testing.T) {
	keeps := func() {
		var flag, other atomic.Uint32
		h := thread.Go(func() { flag.Store(1, release) })
		if flag.Load(acquire) == 0 {
			waited := 0
			for flag.Load(acquire) == 0 {
				waited++
				atomic.SpinLoop()
			}
			model.Observe(waited)
		}
		u := thread.Go(func() { other.Store(1, relaxed) })
		_ = other.Load(relaxed)
		join(h, u)
	}
	whole := explore(t, keeps)
	file := filepath.Join(t.TempDir(), "keeps.json")
	var last model.Report
	for range 1000 {
		last = explore(t, keeps, model.Checkpoint(file), model.MaxExecutions(1))
		if _, err := os.Stat(file); err != nil {
			break
		}
	}
	if whole.Verdict() != model.Undecided || last.Verdict() != whole.Verdict() || last.Executions != whole.Executions {
		t.Errorf("in parts %s, %d executions; at once %s, %d", last.Verdict(), last.Executions, whole.Verdict(), whole.Executions)
	}
}
