package book

import (
	"embed"
	"slices"
	"strings"
)

//go:embed ch1_*.go ch2_*.go
var sources embed.FS

// Programs returns the book's 25 programs in its order, and behind them the
// passages of its text that are programs here.
func Programs() []Program {
	all := slices.Clone(programs)
	for i, p := range all {
		file := strings.ReplaceAll(p.Name, "-", "_") + ".go"
		text, err := sources.ReadFile(file)
		if err != nil {
			panic(err) // the table names no such file, which a test checks
		}
		all[i].Source = string(text)
	}
	return all
}

var programs = []Program{
	{
		Name:  "ch1-01-hello",
		Title: "Two threads that nobody waits for",
		Shows: "The program ends with its main thread: the other two may come too late to print, or get only half way.",
		Main:  Hello,
	}, {
		Name:  "ch1-02-hello-join",
		Title: "Waiting for a thread",
		Shows: "Join waits until a thread has ended, so all lines of both threads are here, in whatever order they ran.",
		Main:  HelloJoin,
	}, {
		Name:  "ch1-03-spawn-closure",
		Title: "A thread from a closure",
		Shows: "A thread's function may capture variables. What a thread still needs is kept, by the garbage collector where Rust has the closure own it.",
		Main:  SpawnClosure,
	}, {
		Name:  "ch1-04-scoped-threads",
		Title: "Threads that end with a scope",
		Shows: "Two threads borrow the same slice. The scope joins them before it returns, so neither can outlive what it has borrowed.",
		Main:  ScopedThreads,
	}, {
		Name:  "ch1-05-rc",
		Title: "Two owners in one thread",
		Shows: "Cloning an Rc makes a second owner of the same value, not a second value; the count of owners tells when the value can go.",
		Main:  Rc,
	}, {
		Name:  "ch1-06-cell",
		Title: "Changing a value behind a shared reference",
		Shows: "A Cell's value is taken out, changed and put back: 1 is added to a slice that is shared.",
		Main:  Cell,
	}, {
		Name:  "ch1-07-refcell",
		Title: "Borrowing checked as it happens",
		Shows: "A RefCell lends its value to one writer or to any number of readers. A second borrow that breaks this is refused while the program runs.",
		Main:  RefCell,
	}, {
		Name:  "ch1-08-mutex",
		Title: "A mutex",
		Shows: "Ten threads add 1 a hundred times each. They take turns, so the sum is 1000 every time.",
		Main:  Mutex,
	}, {
		Name:  "ch1-09-sleep-before-unlock",
		Title: "Sleeping with the lock held",
		Shows: "Each of ten threads sleeps for a second before it unlocks, so they sleep one after another: ten times a second.",
		Main:  SleepBeforeUnlock,
	}, {
		Name:  "ch1-10-unlock-before-sleep",
		Title: "Unlocking before the sleep",
		Shows: "The same, unlocked first: ten threads sleep for a second at the same time, and all is done in one.",
		Main:  UnlockBeforeSleep,
	}, {
		Name:  "ch1-11-thread-parking",
		Title: "Parking until there is something to do",
		Shows: "The consumer parks while its queue is empty, and the producer unparks it for each item. An Unpark that comes first is not lost: the next Park returns at once.",
		Main:  ThreadParking,
	}, {
		Name:  "ch1-12-condvar",
		Title: "A condition variable",
		Shows: "The same queue, but the producer notifies whoever waits. Wait unlocks and falls asleep in one step, so that no notification gets lost between.",
		Main:  Condvar,
	}, {
		Name:       "ch2-01-stop-flag",
		Title:      "A flag that stops a thread",
		Shows:      "A thread works until a flag is set. Type help or stop, and a line end.",
		Main:       StopFlag,
		ReadsInput: true,
	}, {
		Name:  "ch2-02-progress-reporting",
		Title: "Showing how far a thread has come",
		Shows: "One thread stores the number of items done, the main thread looks at it every second. It may look a little late, but never sees a number that was not there.",
		Main:  ProgressReporting,
	}, {
		Name:  "ch2-03-progress-reporting-unpark",
		Title: "Showing each step at once",
		Shows: "The working thread unparks the main thread after each item: every step is shown, and the last does not wait for the second to be over.",
		Main:  ProgressReportingUnpark,
	}, {
		Name:  "ch2-04-lazy-init",
		Title: "Computing a value when it is first needed",
		Shows: "The first call computes for a second, the next finds the value stored. Zero stands for \"not yet computed\".",
		Main:  LazyInit,
	}, {
		Name:  "ch2-05-fetch-add",
		Title: "Fetch and add",
		Shows: "FetchAdd returns the old value, 100, and leaves 123: one step that no other thread can divide.",
		Main:  FetchAdd,
	}, {
		Name:  "ch2-06-progress-reporting-multiple-threads",
		Title: "Four threads count together",
		Shows: "Four threads do 25 items each and count them in one number. FetchAdd loses none of the hundred; with a load and a store they would overwrite each other.",
		Main:  ProgressReportingMultipleThreads,
	}, {
		Name:  "ch2-07-statistics",
		Title: "Average and peak",
		Shows: "Beside the count there are a sum (FetchAdd) and a maximum (FetchMax) of the times. Each is right by itself; read together they may be of slightly different moments.",
		Main:  Statistics,
	}, {
		Name:  "ch2-08-id-allocation",
		Title: "Ids that run out",
		Shows: "FetchAdd wraps: when all 2^32 ids are used the counter starts again, and an id that is in use is handed out a second time. The last id printed is 0, and wrong.",
		Main:  IDAllocation,
	}, {
		Name:  "ch2-09-id-allocation-panic",
		Title: "A limit that is checked too late",
		Shows: "Ids from 1000 on are refused by a panic, but counted first. Callers who catch the panic and go on make the counter wrap nevertheless: again the last id is 0, and wrong.",
		Main:  IDAllocationPanic,
	}, {
		Name:  "ch2-10-id-allocation-subtract-before-panic",
		Title: "A limit that takes its count back",
		Shows: "Subtracting before the panic keeps the counter at 1000: of 2003 calls 1000 get an id and 1003 are refused. It could still wrap, if 2^32 threads were between the two steps at once.",
		Main:  IDAllocationSubtractBeforePanic,
	}, {
		Name:  "ch2-11-increment-with-compare-exchange",
		Title: "An operation built from compare-and-exchange",
		Shows: "Load, compute, and store if the value is still the one loaded, else again: so any operation becomes one step. Two increments make 2.",
		Main:  IncrementWithCompareExchange,
	}, {
		Name:  "ch2-12-id-allocation-without-overflow",
		Title: "A limit that cannot be passed",
		Shows: "Compare-and-exchange stores only a number that it has checked, so the counter stops at 1000 whatever the callers do.",
		Main:  IDAllocationWithoutOverflow,
	}, {
		Name:  "ch2-13-lazy-one-time-init",
		Title: "One key for all",
		Shows: "Three threads ask at once for a random key. Each may make one, but only the first is stored, and all three return that one.",
		Main:  LazyOneTimeInit,
	},
	{
		Name:    "ch1-statics",
		Title:   "A variable that is always there",
		Shows:   "A variable of the package lives as long as the program, so any thread may use it.",
		Main:    Statics,
		Passage: true,
	}, {
		Name:    "ch1-leaking",
		Title:   "Leaking on purpose, and by mistake",
		Shows:   "A value whose owner is never dropped is there for good, and two threads rely on that. A file that nobody drops is never closed; the leak hook tells where its owner was made.",
		Main:    Leaking,
		Passage: true,
	}, {
		Name:    "ch1-arc-clones",
		Title:   "Several threads own one value",
		Shows:   "Each thread has a clone of the Arc. The value is dropped once, when the last owner drops.",
		Main:    ArcClones,
		Passage: true,
	}, {
		Name:    "ch1-naming-clones",
		Title:   "A clone under the same name",
		Shows:   "Inside the block the name is the clone's, outside the original's: the thread cannot take the wrong one.",
		Main:    NamingClones,
		Passage: true,
	}, {
		Name:    "ch1-output-locking",
		Title:   "Whole lines, and several in one piece",
		Shows:   "Each thread holds the output for three lines, so nobody prints between them, and may lock it again itself. Dbg prints a place, an expression and its value, and returns the value.",
		Main:    OutputLocking,
		Passage: true,
	}, {
		Name:    "ch1-mutex-poisoning",
		Title:   "A panic with the lock held",
		Shows:   "A thread panics half way through a payment. The next to lock is told so, finds 80 where 100 should be, puts it right and clears the poison.",
		Main:    MutexPoisoning,
		Passage: true,
	}, {
		Name:    "ch1-guard-lifetime",
		Title:   "The guard that lives too long",
		Shows:   "The first version holds the lock while it works on the item, as Rust's \"if let\" with a lock in its head does; the second has unlocked by then.",
		Main:    GuardLifetime,
		Passage: true,
	}, {
		Name:    "ch1-rwlock-policies",
		Title:   "Reader or writer, who is next?",
		Shows:   "A reader, then a writer wait for another writer. By arrival (Fair) the reader is next, and so it is where readers are preferred; where writers are, the writer passes it.",
		Main:    RWLockPolicies,
		Passage: true,
	}, {
		Name:    "ch1-writer-starvation",
		Title:   "A writer that never gets its turn",
		Shows:   "Readers relieve each other without a gap while a writer waits. Where readers are preferred every one of them passes it; the other policies let none pass.",
		Main:    WriterStarvation,
		Passage: true,
	}, {
		Name:    "ch1-lost-wake-up",
		Title:   "The wake-up that comes too early",
		Shows:   "The consumer is woken after it has found the queue empty and before it sleeps. Unpark's token is still there when it parks; a signal that is not kept leaves it asleep for ever.",
		Main:    LostWakeUp,
		Passage: true,
	}, {
		Name:    "ch1-unparks-do-not-add-up",
		Title:   "Two Unparks, one token",
		Shows:   "A thread that was unparked twice parks twice. The first Park returns at once, the second finds nothing left.",
		Main:    UnparksDoNotAddUp,
		Passage: true,
	}, {
		Name:    "ch1-condvar-many-consumers",
		Title:   "One condition variable, many consumers",
		Shows:   "NotifyOne wakes one of three consumers for each of six items; NotifyAll wakes all of them when there will be no more.",
		Main:    ManyConsumers,
		Passage: true,
	}, {
		Name:    "ch1-condvar-two-conditions",
		Title:   "Not empty and not full",
		Shows:   "A queue of at most two items has a condition variable for each side. The producer waits for the slow consumer, and the queue never gets longer than 2.",
		Main:    TwoConditions,
		Passage: true,
	}, {
		Name:    "ch2-aba",
		Title:   "The same value, another history",
		Shows:   "A is popped and pushed again while a thread is about to pop it. Compare-and-exchange on the head alone does not notice and brings back B, which is gone; a count beside the head makes it notice.",
		Main:    ABA,
		Passage: true,
	}, {
		Name:    "ch2-one-time-initialization",
		Title:   "Once, and the others wait",
		Shows:   "Four threads ask at once for something that takes a second to make. Once, OnceLock and LazyLock each make it one time, and all four get it.",
		Main:    OneTimeInitialization,
		Passage: true,
	}, {
		Name:    "ch1-thread-builder",
		Title:   "A thread with a name and a stack",
		Shows:   "A Builder says what a thread is to be like. What cannot be had, such as a stack larger than the memory, is an error, and no thread starts.",
		Main:    ThreadBuilder,
		Passage: true,
	}, {
		Name:    "ch1-thread-ids",
		Title:   "What a thread is known by",
		Shows:   "Each thread has an id that no other ever gets, also after its end. The thread knows its own, and the handle knows it, too.",
		Main:    ThreadIDs,
		Passage: true,
	}, {
		Name:    "ch1-undefined-behavior",
		Title:   "What a data race means",
		Shows:   "One thread writes a number while another reads it. A model of C11 finds the race in every execution if the number is plain, and none if it is atomic.",
		Main:    UndefinedBehavior,
		Passage: true,
	}, {
		Name:    "ch1-unsafe-send",
		Title:   "Knowing better than the rule",
		Shows:   "A type that must stay on its thread goes to another, because its author has promised, with a reason, that this is right. fearless vet believes the promise.",
		Main:    UnsafeSend,
		Passage: true,
	}, {
		Name:    "ch1-lock-in-one-statement",
		Title:   "Locked for one statement",
		Shows:   "With locks for as long as its function runs. A guard that is used without a name is never unlocked, for Go drops nothing at the end of a statement.",
		Main:    LockInOneStatement,
		Passage: true,
	}, {
		Name:    "ch1-spurious-wake-ups",
		Title:   "Woken for nothing",
		Shows:   "A thread is woken three times before what it waits for is there. It looks, and parks again; a thread that did not look would go on too early.",
		Main:    SpuriousWakeUps,
		Passage: true,
	}, {
		Name:    "ch2-relaxed-out-of-order",
		Title:   "Two Relaxed variables, seen out of order",
		Shows:   "10 is stored to x and then 20 to y. Another thread may see all four pairs, also y = 20 with x = 0: Relaxed orders nothing between two variables.",
		Main:    RelaxedOutOfOrder,
		Passage: true,
	}, {
		Name:    "ch2-weak-compare-exchange",
		Title:   "A compare-and-exchange that fails for nothing",
		Shows:   "The value is the expected one and nobody else is there. The strong form stores 1; the weak form may leave 0.",
		Main:    WeakCompareExchange,
		Passage: true,
	}, {
		Name:    "ch2-fetch-update",
		Title:   "A compare-and-exchange loop in one line",
		Shows:   "FetchUpdate stores what its function makes of the value, as one step, or nothing when the function says so: three ids are given, the fourth is refused, and the counter stays at 3.",
		Main:    FetchUpdateInOneLine,
		Passage: true,
	}, {
		Name:    "ch2-statistics-behind-a-mutex",
		Title:   "Three numbers behind one lock",
		Shows:   "The count, the sum and the peak change together under one Mutex, so that who reads them sees numbers of the same moment.",
		Main:    StatisticsBehindAMutex,
		Passage: true,
	},
}
