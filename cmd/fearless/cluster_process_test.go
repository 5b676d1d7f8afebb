package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// spreadTests are tests of which several need more than one piece.
const spreadTests = `package user

import (
	"sync"
	"testing"
)

func counter(workers, rounds int) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range workers {
		wg.Go(func() {
			for range rounds {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return n
}

func TestGood(t *testing.T) {
	if n := counter(3, 2); n != 6 {
		t.Fatal(n)
	}
}

func TestRarelyLost(t *testing.T) {
	var mu sync.Mutex
	n := 0
	get := func() int { mu.Lock(); defer mu.Unlock(); return n }
	set := func(v int) { mu.Lock(); defer mu.Unlock(); n = v }
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { v := get(); get(); get(); set(v + 1) })
	}
	wg.Wait()
	if n == 1 {
		t.Fatal("all but one were lost")
	}
}

func TestDeadlock(t *testing.T) {
	var a, b sync.Mutex
	done := make(chan bool)
	go func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock(); done <- true }()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	<-done
}

func TestPlain(t *testing.T) {}
func TestSkips(t *testing.T) { t.Skip("always") }
`

func spreadModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/user\n\ngo 1.26\n", "user_test.go": spreadTests} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// reported is a report without what differs from run to run: times, and those given.
func reported(t *testing.T, r result, without ...string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(r.out), &v); err != nil {
		t.Fatalf("status %d: %v\n%s\n%s", r.code, err, r.out, r.err)
	}
	var clean func(v any)
	clean = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range append(without, "elapsedNanoseconds") {
				delete(v, name)
			}
			for _, w := range v {
				clean(w)
			}
		case []any:
			for _, w := range v {
				clean(w)
			}
		}
	}
	clean(v)
	return v
}

func TestTestsThatAreSpreadAreAsOnOneMachineLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	t.Setenv("FEARLESS_TEST_AS_COMMAND", "1") // for the workers, which are this binary
	dir := spreadModule(t)
	args := []string{"test", "-C", dir, "-json", "-schedules", "2500"}
	one := call(t, "", append(args, ".")...)
	if one.code != exitFailure || strings.Count(one.out, `"finding"`) < 2 {
		t.Fatalf("one machine: status %d\n%s\n%s", one.code, one.out, one.err)
	}
	for _, n := range []string{"1", "2", "4", "8"} {
		many := call(t, "", append(args, "-workers", n, ".")...)
		if got, want := reported(t, many), reported(t, one); many.code != one.code || !reflect.DeepEqual(got, want) {
			t.Errorf("%s workers: status %d\n%s\none machine:\n%s", n, many.code, many.out, one.out)
		}
	}
}

func TestProofsThatAreSpreadAreAsOnOneMachineLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	t.Setenv("FEARLESS_TEST_AS_COMMAND", "1")
	dir := spreadModule(t)
	args := []string{"prove", "-C", dir, "-json", "-race=false", "-run", "Good|Plain|Skips"}
	one := call(t, "", append(args, ".")...)
	if one.code != exitOK || strings.Count(one.out, `"proven"`) != 2 {
		t.Fatalf("one machine: status %d\n%s\n%s", one.code, one.out, one.err)
	}
	many := call(t, "", append(args, "-workers", "2", ".")...)
	// Each process begins with runs of its own, and the sum of shares is rounded otherwise.
	without := []string{"schedules", "steps", "blocked"}
	if got, want := reported(t, many, without...), reported(t, one, without...); many.code != one.code || !reflect.DeepEqual(got, want) {
		t.Errorf("two workers: status %d\n%s\none machine:\n%s", many.code, many.out, one.out)
	}
	args[6] = "Deadlock"
	if failed := call(t, "", append(args, "-workers", "2", ".")...); failed.code != exitFailure || !strings.Contains(failed.out, `"deadlock"`) {
		t.Errorf("a deadlock: status %d\n%s\n%s", failed.code, failed.out, failed.err)
	}
}

func TestLitmusFilesThatAreSpreadAreAsOnOneMachineLong(t *testing.T) {
	long.Only(t, "it builds the binaries of workers")
	t.Setenv("FEARLESS_TEST_AS_COMMAND", "1")
	files := []string{filepath.Join("..", "..", "litmus", "testdata", "c"), filepath.Join("..", "..", "litmus", "testdata", "races.json")}
	for _, args := range [][]string{nil, {"-json"}, {"-memory", "sc"}, {"-max-executions", "3"}} {
		args = append(append([]string{"litmus"}, args...), files...)
		one := call(t, "", args...)
		many := call(t, "", append([]string{"litmus", "-workers", "2"}, args[1:]...)...)
		if one != many {
			t.Errorf("%v: %+v\none machine: %+v", args, many, one)
		}
	}
}

func TestWhatCannotBeSpreadIsRefused(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"test", "-workers", "2", "-strategy", "dfs:1"}, "-strategy dfs cannot be shared"},
		{[]string{"test", "-workers", "2", "-shard", "1/2"}, "-shard cannot be shared"},
		{[]string{"test", "-workers", "2", "-cover"}, "-cover cannot be shared"},
		{[]string{"test", "-workers", "2", "-until-saturated"}, "-until-saturated cannot be shared"},
		{[]string{"test", "-workers", "2000"}, "use 1 to 1024"},
		{[]string{"test", "-cluster", "nats://127.0.0.1:1"}, "no server"},
		{[]string{"prove", "-workers", "2", "-parallel", "2"}, "-parallel cannot be shared"},
		{[]string{"prove", "-workers", "2", "-max-executions", "2"}, "-max-executions cannot be shared"},
		{[]string{"prove", "-cluster", "nats://127.0.0.1:1"}, "no server"},
		{[]string{"litmus", "-workers", "2", "-html", "x", "f"}, "-html cannot be shared"},
		{[]string{"litmus", "-workers", "2", "-cluster", "nats://x", "f"}, "give one of them"},
	} {
		call(t, "", test.args...).wantError(t, exitUsage, test.want)
	}
}
