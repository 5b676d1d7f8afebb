package model

import (
	"context"
	"fmt"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/pieces"
)

// An Option changes how a function is explored.
type Option func(*config)

type config struct {
	engine        engine.Options
	maxExecutions int
	maxDuration   time.Duration
	progress      func(Progress)
	ctx           context.Context
	checkpoint    string // a file
	name          string // of the check
	err           error

	// Of explorations that several processes share.
	piece  *pieces.Result // not nil: explore a part, and say here what came of it
	result *Report        // not nil: what the parts came to
	seen   *engine.Seen   // with result
	of     string         // the check's name, and where the function is
}

// MemoryModel is what executions must be consistent with.
type MemoryModel = engine.Memory

const (
	// RC11 is the repaired C11 memory model, the default.
	RC11 = engine.RC11
	// SC is sequential consistency: every atomic operation counts as SeqCst.
	SC = engine.SC
)

// Memory selects the memory model.
func Memory(m MemoryModel) Option {
	return func(c *config) { c.engine.Memory = m }
}

// MaxExecutions ends the exploration after n complete executions; the report
// is then not exhaustive. With Shard the first part may count a few more, which
// it meets while it deals out. 0 is no limit, the default.
func MaxExecutions(n int) Option {
	return func(c *config) {
		if n < 0 {
			c.err = fmt.Errorf("model: MaxExecutions(%d): use 1 or more, or 0 for no limit", n)
		}
		c.maxExecutions = n
	}
}

// MaxDuration ends the exploration after d; the report is then not exhaustive.
// 0 is no limit, the default.
func MaxDuration(d time.Duration) Option {
	return func(c *config) {
		if d < 0 {
			c.err = fmt.Errorf("model: MaxDuration(%v): use a positive duration, or 0 for no limit", d)
		}
		c.maxDuration = d
	}
}

// Bound makes an execution with more than events operations a failure. The
// default is 5000.
func Bound(events int) Option {
	return func(c *config) {
		if events < 1 || events > 60000 {
			c.err = fmt.Errorf("model: Bound(%d): use 1 to 60000", events)
		}
		c.engine.MaxEvents = events
	}
}

// Unroll cuts an execution where a thread comes to one operation, at the same place of
// the source and by the same calls, more than rounds times: the thread goes on no more,
// and the others do. It is for loops that have no end, or none soon, and are no waits.
// The rounds of a loop inside another one add up, and so do the operations that a
// library does in a loop of its own. A loop that calls SpinLoop or YieldNow is a wait as
// without Unroll, unless CountedLoops is given, too; others are explored round by
// round, also those that wait. If any execution was cut the report is not
// exhaustive, its verdict is Undecided, and Report.Unseen says where (LoopCut).
func Unroll(rounds int) Option {
	return func(c *config) {
		if rounds < 1 {
			c.err = fmt.Errorf("model: Unroll(%d): use 1 or more", rounds)
		}
		c.engine.Unroll = rounds
	}
}

// Threads makes an execution with more than n threads a failure. The default is 64.
func Threads(n int) Option {
	return func(c *config) {
		if n < 1 || n > 2000 {
			c.err = fmt.Errorf("model: Threads(%d): use 1 to 2000", n)
		}
		c.engine.MaxThread = n
	}
}

// Parallel explores on n engines at once. The function then runs on several
// goroutines at a time, each time with its own data. Executions and the first
// failure are the same as with one engine; how many runs were blocked may differ.
func Parallel(n int) Option {
	return func(c *config) {
		if n < 1 || n > 1024 {
			c.err = fmt.Errorf("model: Parallel(%d): use 1 to 1024", n)
		}
		c.engine.Parallel = n
	}
}

// Seed takes executions at random instead of exhausting them, for a function
// that has too many: the same ones for the same seed. Give MaxExecutions or
// MaxDuration, too; without either 10000 are taken. Some may be met repeatedly.
// A quarter of them are walks that estimate how many there are in all.
func Seed(seed uint64) Option {
	return func(c *config) { c.engine.Random, c.engine.Seed = true, seed }
}

// CountedLoops does not believe SpinLoop and YieldNow: a busy loop that calls them
// is explored as one that does not, old values in its first rounds included, until
// two rounds in a row have read the same. It is needed only when such a loop keeps
// something of its rounds, as that it had to wait at all, which a report says (LoopState). A loop
// that gives up by itself after some rounds is explored round by round anyway.
func CountedLoops() Option { return func(c *config) { c.engine.Bounded = true } }

// Locks selects what the locks of package lock are in the model.
func Locks(l LockModel) Option {
	return func(c *config) { c.engine.Locks = l }
}

// LockModel is what the locks of package lock are in the model.
type LockModel = engine.EventLocks

const (
	// OneEvent makes Mutex.Lock one event and Unlock another, the default:
	// whoever waits may be the next, and there are far fewer executions. The
	// other types run the code that ships, but for the spin lock around the
	// queue of each, which is one event, too.
	OneEvent = engine.EveryLock
	// ShippedMutex runs the code of Mutex, too, with its queue and its hand-over.
	ShippedMutex = engine.SpinLocks
	// Shipped runs all code as it ships, spin locks included.
	Shipped = engine.NoLock
)

// SpuriousWakes lets a lock.Condvar wake for no reason, once in each thread, as
// its documentation allows. A wait that does not check its condition again is
// then found out.
func SpuriousWakes() Option { return func(c *config) { c.engine.SpuriousWakes = true } }

// OnProgress calls f about every tenth of a second with how far it is.
func OnProgress(f func(Progress)) Option { return func(c *config) { c.progress = f } }

// Progress is how far an exploration has come.
type Progress struct {
	Executions int
	Blocked    int
	Elapsed    time.Duration
	// Over is an estimate of how much is done, from 0 to 1. It is 0 while the
	// whole is not known, as in the first seconds, and always with Seed. It may
	// fall, when there turn out to be more executions than it seemed.
	Over float64
	// Estimate is of how many executions there are in all. It is zero at first.
	Estimate Estimate
}

// Replay runs only the execution that Failure.Replay names.
func Replay(execution string) Option {
	return func(c *config) {
		_, c.engine.Replay = replayOf(execution)
		c.engine.Parallel = 1
	}
}

// Shard explores one part of n, from 1 to n, which together are everything.
// The same function, with the same options, can be explored by n machines.
func Shard(part, n int) Option {
	return func(c *config) {
		if n < 1 || part < 1 || part > n {
			c.err = fmt.Errorf("model: Shard(%d, %d): use 1 to n of n", part, n)
		}
		c.engine.Shard, c.engine.Shards = part, n
	}
}

// Context ends the exploration when ctx is done; the report is then not exhaustive.
func Context(ctx context.Context) Option { return func(c *config) { c.ctx = ctx } }

// Checkpoint writes what is left to file when MaxExecutions, MaxDuration or
// Context ends the exploration, and every minute, and goes on from there when the
// file exists. The report then counts everything since the beginning. A file of
// another function, or of another build of the test, is refused. The file is
// removed when nothing is left. It has no effect with Seed or Replay.
func Checkpoint(file string) Option { return func(c *config) { c.checkpoint = file } }
