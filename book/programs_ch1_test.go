package book_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	fromMain   = "Hello from the main thread."
	fromThread = "Hello from another thread!"
)

var threadID = regexp.MustCompile(`^This is my thread id: ThreadId\(([0-9]+)\)$`)

func TestHello(t *testing.T) {
	p := play(t, "ch1-01-hello", "")
	counts := map[string]int{}
	for _, line := range p.lines {
		counts[threadID.ReplaceAllString(line, "id")]++
	}
	if counts[fromMain] != 1 || counts[fromThread] > 2 || counts["id"] > counts[fromThread] || len(p.lines) != counts[fromMain]+counts[fromThread]+counts["id"] {
		t.Errorf("printed %q", p.lines)
	}
}

func TestHelloJoin(t *testing.T) {
	p := play(t, "ch1-02-hello-join", "")
	var ids []string
	for i, line := range p.lines {
		if m := threadID.FindStringSubmatch(line); m != nil {
			ids = append(ids, m[1])
			p.lines[i] = "id"
		}
	}
	p.wantInAnyOrder(t, fromMain, fromThread, fromThread, "id", "id")
	if len(ids) == 2 && ids[0] == ids[1] {
		t.Errorf("both threads have the id %s", ids[0])
	}
}

func TestSpawnClosure(t *testing.T) {
	play(t, "ch1-03-spawn-closure", "").want(t, "1", "2", "3")
}

func TestScopedThreads(t *testing.T) {
	p := play(t, "ch1-04-scoped-threads", "")
	// Only the first thread's line may stand anywhere.
	p.lines = slices.DeleteFunc(p.lines, func(line string) bool { return line == "length: 3" })
	p.want(t, "1", "2", "3")
}

func TestRc(t *testing.T) {
	play(t, "ch1-05-rc", "").unplaced().want(t,
		"dbg: a.Ptr() == b.Ptr() = true",
		"dbg: a.StrongCount() = 2",
		"dbg: a.StrongCount() = 1")
}

func TestCell(t *testing.T) {
	play(t, "ch1-06-cell", "").unplaced().want(t, "dbg: v.Get() = [1 2 3 1]")
}

func TestRefCell(t *testing.T) {
	play(t, "ch1-07-refcell", "").unplaced().want(t,
		"dbg: b.Get() = [1 2 3 1]",
		"dbg: err != nil = true")
}

func TestMutex(t *testing.T) {
	p := play(t, "ch1-08-mutex", "")
	p.unplaced().want(t, "dbg: unwrap(n.IntoInner()) = 1000")
	p.wantTime(t, 0)
}

func TestSleepBeforeUnlock(t *testing.T) {
	p := play(t, "ch1-09-sleep-before-unlock", "")
	p.unplaced().want(t, "dbg: unwrap(n.IntoInner()) = 1000", "all of it took 10s")
	p.wantTime(t, 10*time.Second)
}

func TestUnlockBeforeSleep(t *testing.T) {
	p := play(t, "ch1-10-unlock-before-sleep", "")
	p.unplaced().want(t, "dbg: unwrap(n.IntoInner()) = 1000", "all of it took 1s")
	p.wantTime(t, time.Second)
}

var fiveItems = []string{"dbg: item = 0", "dbg: item = 1", "dbg: item = 2", "dbg: item = 3", "dbg: item = 4"}

func TestThreadParking(t *testing.T) {
	p := play(t, "ch1-11-thread-parking", "")
	p.unplaced().want(t, fiveItems...)
	p.wantTime(t, 5*time.Second)
}

func TestCondvar(t *testing.T) {
	p := play(t, "ch1-12-condvar", "")
	p.unplaced().want(t, fiveItems...)
	p.wantTime(t, 5*time.Second)
}

func TestStatics(t *testing.T) {
	play(t, "ch1-statics", "").want(t, "[1 2 3]", "[1 2 3]")
}

func TestLeaking(t *testing.T) {
	p := play(t, "ch1-leaking", "")
	place := regexp.MustCompile(`ch1_leaking\.go:[0-9]+`)
	last := len(p.lines) - 1
	p.lines[last] = place.ReplaceAllString(p.lines[last], "HERE")
	p.want(t, "[1 2 3]", "[1 2 3]", "the file: in use",
		"leak hook: the Arc[book.announced] made at HERE was never dropped")
}

func TestArcClones(t *testing.T) {
	play(t, "ch1-arc-clones", "").unplaced().want(t,
		"dbg: a.StrongCount() = 1",
		"one value? true", "one value? true", "one value? true",
		"dbg: a.StrongCount() = 1",
		"the numbers: dropped")
}

func TestNamingClones(t *testing.T) {
	play(t, "ch1-naming-clones", "").unplaced().want(t, "dbg: a.Get() = [1 2 3]", "dbg: a.Get() = [1 2 3]")
}

func TestOutputLocking(t *testing.T) {
	p := play(t, "ch1-output-locking", "").unplaced()
	first, second := p.lines[:min(3, len(p.lines))], p.lines[min(3, len(p.lines)):min(6, len(p.lines))]
	if strings.HasPrefix(p.lines[0], "second") {
		first, second = second, first
	}
	p.lines = slices.Concat(first, second, p.lines[min(6, len(p.lines)):])
	p.want(t,
		"first thread: step 1 of 3", "first thread: step 2 of 3", "first thread: step 3 of 3",
		"second thread: step 1 of 3", "second thread: step 2 of 3", "second thread: step 3 of 3",
		`dbg: len("twelve words") = 12`,
		"dbg: width+1 = 25")
}

func TestMutexPoisoning(t *testing.T) {
	play(t, "ch1-mutex-poisoning", "").unplaced().want(t,
		"panic hook: half way through the payment",
		"dbg: errors.As(err, &panicked) = true",
		"dbg: accounts.IsPoisoned() = true",
		"locked, with a warning; the accounts have [30 50]",
		"dbg: guard.Get() = [30 70]")
}

func TestGuardLifetime(t *testing.T) {
	play(t, "ch1-guard-lifetime", "").want(t,
		"while the first item is processed, the list is locked",
		"while the second item is processed, the list is free")
}

func TestRWLockPolicies(t *testing.T) {
	play(t, "ch1-rwlock-policies", "").want(t,
		"Fair: next is the reader",
		"WriterPreferring: next is the second writer",
		"ReaderPreferring: next is the reader")
}

func TestWriterStarvation(t *testing.T) {
	play(t, "ch1-writer-starvation", "").want(t,
		"ReaderPreferring: 10 of 10 readers passed the waiting writer",
		"WriterPreferring: 0 of 10 readers passed the waiting writer",
		"Fair: 0 of 10 readers passed the waiting writer")
}

func TestLostWakeUp(t *testing.T) {
	common := []string{
		"  1. the consumer locks the queue",
		"  2. and finds 0 items",
		"  3. it unlocks, is about to sleep, and is held up",
		"  4. the producer locks the queue",
		"  5. puts an item there and unlocks",
		"  6. it wakes the consumer, which is not yet asleep",
		"  7. the consumer goes to sleep",
	}
	play(t, "ch1-lost-wake-up", "").want(t, slices.Concat(
		[]string{"Park and Unpark:"}, common,
		[]string{"  8. finds that it has been woken already, looks again, and takes the item"},
		[]string{"A signal that only a sleeping thread hears:"}, common,
		[]string{"  8. and nobody will ever wake it, for an item that it has not seen"})...)
}

func TestUnparksDoNotAddUp(t *testing.T) {
	p := play(t, "ch1-unparks-do-not-add-up", "")
	p.want(t,
		"the first Park found the token",
		"the second Park found none and slept until its time was up")
	p.wantTime(t, time.Second)
}

func TestManyConsumers(t *testing.T) {
	p := play(t, "ch1-condvar-many-consumers", "").unplaced()
	consumer := regexp.MustCompile(`^consumer [0-2]: item `)
	for i, line := range p.lines {
		p.lines[i] = consumer.ReplaceAllString(line, "item ")
	}
	// The last items are taken before anyone is told that there will be no more.
	slices.Sort(p.lines[min(6, len(p.lines)):])
	p.want(t, "item 0", "item 1", "item 2", "item 3", "item 4", "item 5",
		"consumer 0: no more items will come",
		"consumer 1: no more items will come",
		"consumer 2: no more items will come",
		"dbg: consumed.Load(atomic.Relaxed) = 6")
}

func TestTwoConditions(t *testing.T) {
	p := play(t, "ch1-condvar-two-conditions", "").unplaced()
	var took []string
	for _, line := range p.lines {
		if strings.HasPrefix(line, "took ") {
			took = append(took, line)
		} else if line != "dbg: fullest = 2" {
			t.Errorf("printed %q", line)
		}
	}
	performance{lines: took}.want(t, "took 0", "took 1", "took 2", "took 3", "took 4", "took 5")
	if len(p.lines) != 7 {
		t.Errorf("printed %q, want seven lines", p.lines)
	}
}

func TestThreadBuilder(t *testing.T) {
	play(t, "ch1-thread-builder", "").want(t, "I am worker", "a stack that no memory can hold is refused: true")
}

func TestThreadIDs(t *testing.T) {
	play(t, "ch1-thread-ids", "").want(t,
		"the handle and the thread agree: true",
		"it is another one than mine: true",
		"the id of one that has ended comes again: false")
}

func TestUndefinedBehavior(t *testing.T) {
	play(t, "ch1-undefined-behavior", "").want(t,
		"a plain number: 2 executions, 2 of them with a data race",
		"an atomic number: 2 executions, 0 of them with a data race")
}

func TestUnsafeSend(t *testing.T) {
	play(t, "ch1-unsafe-send", "").want(t, "used in another thread: 7")
}

func TestLockInOneStatement(t *testing.T) {
	play(t, "ch1-lock-in-one-statement", "").want(t,
		"length: 3",
		"locked after With: false",
		"first item: 1",
		"locked after a guard without a name: true")
}

func TestSpuriousWakeUps(t *testing.T) {
	p := play(t, "ch1-spurious-wake-ups", "")
	p.want(t, "It was woken 4 times, and went on when it was ready: true.")
	p.wantTime(t, 400*time.Millisecond)
}
