package book_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStopFlag(t *testing.T) {
	const stopped = "The background thread has stopped. Rounds of work: "
	for _, test := range []struct {
		input string
		want  []string
	}{
		{"help\nstop\n", []string{"commands: help, stop"}},
		{"stop\nhelp\n", nil},
		{"faster\n\nhelp\r\nstop", []string{`unknown command: "faster"`, `unknown command: ""`, "commands: help, stop"}},
		{"help\n", []string{"commands: help, stop"}}, // the end of the input stops it too
		{"", nil},
	} {
		p := play(t, "ch2-01-stop-flag", test.input)
		last := len(p.lines) - 1
		if !strings.HasPrefix(p.lines[last], stopped) {
			t.Errorf("%q: the last line is %q", test.input, p.lines[last])
		}
		p.lines = p.lines[:last]
		p.want(t, test.want...)
	}
}

func TestProgressReporting(t *testing.T) {
	p := play(t, "ch2-02-progress-reporting", "")
	p.want(t, working(0), working(27), working(54), working(81), "Done!")
	// The last look is a full second after the one before it, though all was done after 3.7.
	p.wantTime(t, 4*time.Second)
}

func TestProgressReportingUnpark(t *testing.T) {
	p := play(t, "ch2-03-progress-reporting-unpark", "")
	var want []string
	for done := range 100 {
		want = append(want, working(done))
	}
	p.want(t, append(want, "Done!")...)
	p.wantTime(t, 3700*time.Millisecond)
}

func TestLazyInit(t *testing.T) {
	p := play(t, "ch2-04-lazy-init", "")
	p.unplaced().want(t, "dbg: getX() = 123", "dbg: getX() = 123")
	p.wantTime(t, time.Second)
}

func TestFetchAdd(t *testing.T) {
	play(t, "ch2-05-fetch-add", "").unplaced().want(t, "dbg: b = 100", "dbg: c = 123")
}

func TestProgressReportingMultipleThreads(t *testing.T) {
	p := play(t, "ch2-06-progress-reporting-multiple-threads", "")
	p.want(t, working(0), working(4*8), working(4*16), working(4*24), "Done!")
	p.wantTime(t, 4*time.Second)
}

func TestStatistics(t *testing.T) {
	p := play(t, "ch2-07-statistics", "")
	const times = ", 123ms average, 123ms peak"
	p.want(t, "Working.. nothing done yet.", working(32)+times, working(64)+times, working(96)+times, "Done!")
}

func TestIDAllocation(t *testing.T) {
	playAt(t, "ch2-08-id-allocation", "", 20).unplaced().want(t,
		"dbg: allocateNewID() = 0",
		"dbg: allocateNewID() = 1",
		"dbg: allocateNewID() = 2",
		"overflowing the counter...",
		"dbg: skipped(ctx) = 4293967295",
		"overflowed!",
		"dbg: allocateNewID() = 0")
}

func TestIDAllocationPanic(t *testing.T) {
	playAt(t, "ch2-09-id-allocation-panic", "", 20).unplaced().want(t,
		"dbg: allocateNewID() = 0",
		`dbg: catchUnwind(func() { allocateNewID() }) = "too many IDs!"`,
		"overflowing the counter...",
		"dbg: skipped(ctx) = 4293967295",
		"overflowed!",
		"dbg: allocateNewID() = 0")
}

// threeThenFull is what both programs with a sound limit print.
var threeThenFull = []string{
	"dbg: allocateNewID() = 0",
	"dbg: allocateNewID() = 1",
	"dbg: allocateNewID() = 2",
	"dbg: refused.Load(atomic.Relaxed) = 1003",
	"dbg: nextID.Load(atomic.Relaxed) = 1000",
}

func TestIDAllocationSubtractBeforePanic(t *testing.T) {
	play(t, "ch2-10-id-allocation-subtract-before-panic", "").unplaced().want(t, threeThenFull...)
}

func TestIncrementWithCompareExchange(t *testing.T) {
	play(t, "ch2-11-increment-with-compare-exchange", "").unplaced().want(t, "dbg: a.Load(atomic.Relaxed) = 2")
}

func TestIDAllocationWithoutOverflow(t *testing.T) {
	play(t, "ch2-12-id-allocation-without-overflow", "").unplaced().want(t, threeThenFull...)
}

func TestLazyOneTimeInit(t *testing.T) {
	once := play(t, "ch2-13-lazy-one-time-init", "").unplaced().lines
	again := play(t, "ch2-13-lazy-one-time-init", "").unplaced().lines
	for _, lines := range [][]string{once, again} {
		if len(lines) != 3 || lines[0] != lines[1] || lines[1] != lines[2] {
			t.Errorf("printed %q, want three times one key", lines)
		}
		if !strings.HasPrefix(lines[0], "dbg: getKey() = ") || strings.HasSuffix(lines[0], " = 0") {
			t.Errorf("printed %q, want a key that is not zero", lines[0])
		}
	}
	if slices.Equal(once, again) {
		t.Errorf("two runs made the same key: %q", once[0])
	}
}

func TestABA(t *testing.T) {
	play(t, "ch2-aba", "").want(t,
		"head alone: the stack is ABC",
		"  meanwhile A and B are popped and A is pushed again: AC",
		"  popped A, and the stack is BC",
		"head with a count: the stack is ABC",
		"  meanwhile A and B are popped and A is pushed again: AC",
		"  popped A, and the stack is C")
}

func TestOneTimeInitialization(t *testing.T) {
	p := play(t, "ch2-one-time-initialization", "")
	p.want(t,
		"true the value the value", "true the value the value", "true the value the value", "true the value the value",
		"Once: ran 1 time for 4 threads",
		"OnceLock: ran 1 time for 4 threads",
		"LazyLock: ran 1 time for 4 threads")
	p.wantTime(t, 3*time.Second)
}

func TestRelaxedOutOfOrder(t *testing.T) {
	play(t, "ch2-relaxed-out-of-order", "").want(t,
		"y = 0, x = 0",
		"y = 0, x = 10",
		"y = 20, x = 0    the second store without the first",
		"y = 20, x = 10")
}

func TestWeakCompareExchange(t *testing.T) {
	play(t, "ch2-weak-compare-exchange", "").want(t,
		"strong: it can end in 1 ways",
		"  x = 1",
		"weak: it can end in 2 ways",
		"  x = 0",
		"  x = 1")
}

func TestFetchUpdateInOneLine(t *testing.T) {
	play(t, "ch2-fetch-update", "").unplaced().want(t,
		"dbg: id = 0", "dbg: id = 1", "dbg: id = 2",
		"dbg: ok = false",
		"dbg: nextID.Load(atomic.Relaxed) = 3")
}

func TestStatisticsBehindAMutex(t *testing.T) {
	p := play(t, "ch2-statistics-behind-a-mutex", "")
	p.want(t, "100 items, the average is at most the peak: true")
	p.wantTime(t, 25*123*time.Millisecond)
}
