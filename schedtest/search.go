package schedtest

import (
	"context"
	"errors"
	"math"
	"os"
	"sync"
	"time"

	"github.com/fearless-go/fearless/schedtest/pieces"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// search explores all schedules of one test, in processes that each take some
// pieces of what is left and give back what they have not come to.
type search struct {
	x    *exploration
	opts *Options
	tree *pieces.Tree
	sums proofSums
	read inputs // what the test has asked for
	cold bool   // executions were cut: a process does not begin with runs by the default rule
	wide bool   // some goroutine perhaps goes round a loop: pieces of all depths get their turn

	mu      sync.Mutex
	idle    *sync.Cond    // there may be something to take
	running int           // processes
	asked   uint64        // executions that they may run at most
	ran     uint64        // of those that have ended
	now     []uint64      // executions of each process that runs
	asks    []string      // for each of them a file that asks it for pieces; none if they run elsewhere
	begin   time.Duration // about what a process takes to begin
	how     string        // why it has ended: "all", "time", "count", "unsuitable", "diverged", "worn", "damaged"
	failure *outcome
	err     error
	started time.Time
	saved   time.Time
	code    string // see of

	here sync.Mutex // is held while x.r runs what has failed elsewhere
}

// proofSums are the counts of a search, over all of its processes.
type proofSums struct {
	Executions uint64  `json:"executions"`
	Blocked    uint64  `json:"blocked"`
	Cut        uint64  `json:"cut"`
	Whole      uint64  `json:"whole"` // executions that were not cut
	Schedules  float64 `json:"schedules"`
	Ran        uint64  `json:"ran"`
	Skips      uint64  `json:"skips"`
	External   bool    `json:"external"`
	Limits     []Limit `json:"limits"`
}

// How long a process explores what it has taken.
const (
	firstSlice = 400 * time.Millisecond // when others, elsewhere, wait for pieces
	slice      = 4 * time.Second        // when others may come to wait there, or a checkpoint is written
	wideSlice  = time.Second            // when one piece might keep all time to itself
	mostPieces = 64                     // that it takes
	mostCut    = 8                      // executions that are cut before any ends by itself
)

func (x *exploration) newSearch() *search {
	s := &search{x: x, opts: x.s.opts, tree: pieces.New(), read: inputs{}, started: time.Now(), saved: time.Now()}
	s.idle = sync.NewCond(&s.mu)
	s.now = make([]uint64, max(s.opts.Processes, 1))
	s.begin = firstBegin
	return s
}

// run explores until all is done, or something ends it. It returns an error that is
// ours, or ctx's.
func (s *search) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if len(s.now) > 1 && s.opts.Elsewhere == nil {
		dir, err := s.mayAsk()
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	var wg sync.WaitGroup
	for i := range s.now {
		r := s.x.r
		if i > 0 || s.opts.Elsewhere != nil {
			r = r.another(i)
			r.away = true
		}
		wg.Go(func() {
			s.work(ctx, i, r)
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.how != "" || s.err != nil || s.failure != nil {
				stop()
			}
			s.idle.Broadcast()
		})
	}
	wg.Wait()
	if err := s.save(true); err != nil && s.err == nil {
		s.err = err
	}
	return s.err
}

// work has processes explore, one after the other.
func (s *search) work(ctx context.Context, i int, r *runner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		took, j := s.next(ctx, i)
		if j == nil {
			return
		}
		s.running++
		s.mu.Unlock()
		o, err := s.do(ctx, r, j, func(ran uint64, done float64) { s.tick(i, ran, took, done) })
		s.mu.Lock()
		s.running--
		s.asked -= j.count
		s.now[i] = 0
		var lost *GivenUpError
		switch {
		case errors.As(err, &lost):
			s.how = err.Error() // of what those pieces are nothing is known
			return
		case err != nil && (s.how != "" || s.failure != nil):
			return // it was stopped because another has ended the search
		case err != nil:
			s.err = err
			return
		}
		s.absorb(took, o, j)
		s.idle.Broadcast()
		if s.how == "" && s.failure == nil && s.err == nil {
			s.err = s.save(false)
		}
		if s.how != "" || s.failure != nil || s.err != nil {
			return
		}
	}
}

// next takes pieces, waiting for some if need be, and makes the job to explore
// them. It returns no job when the search is over.
func (s *search) next(ctx context.Context, i int) ([]*pieces.Piece, *job) {
	for {
		left := s.opts.Duration - time.Since(s.started)
		room := s.opts.MaxExecutions - min(s.opts.MaxExecutions, s.ran+s.asked)
		switch {
		case s.how != "" || s.err != nil || s.failure != nil:
			return nil, nil
		case ctx.Err() != nil:
			s.err = ctx.Err()
			return nil, nil
		case s.tree.Over():
			s.how = "all"
			return nil, nil
		case left <= 0:
			s.how = "time"
			return nil, nil
		case s.opts.MaxExecutions > 0 && s.ran >= s.opts.MaxExecutions:
			s.how = "count"
			return nil, nil
		case s.tree.Untried() > 0 && (s.opts.MaxExecutions == 0 || room > 0):
			took := s.tree.Take(s.share(), s.wide)
			j := &job{mode: "prove", test: s.x.name, kind: strategy.KindFirst, warm: !s.cold, duration: s.slice(left), count: room,
				prove: s.opts.Time, bound: s.opts.preemptions + 1, names: s.tree.Names}
			for _, p := range took {
				j.pieces = append(j.pieces, p.Numbers())
			}
			if s.asks != nil {
				j.ask, j.least = s.asks[i], shareTimes*s.begin
				os.Remove(j.ask) // if it stays, pieces are given back early
			}
			s.asked += room
			return took, j
		}
		s.ask()
		s.idle.Wait()
	}
}

// share is how many pieces a process takes: few enough that the others have some.
func (s *search) share() int {
	return min(mostPieces, (s.tree.Untried()+len(s.now)-1)/len(s.now))
}

// slice is for how long a process explores.
func (s *search) slice(left time.Duration) time.Duration {
	switch {
	case s.wide:
		return min(left, wideSlice)
	case s.asks != nil && s.opts.Checkpoint == "":
		return min(left, shareSlice)
	case s.asks != nil:
		return min(left, slice)
	case len(s.now) > 1 && s.running+s.tree.Untried() < len(s.now):
		return min(left, firstSlice)
	case len(s.now) > 1 || s.opts.Checkpoint != "":
		return min(left, slice)
	}
	return left
}

// tick notes how far process i is.
func (s *search) tick(i int, ran uint64, took []*pieces.Piece, done float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now[i] = ran
	total := s.sums.Ran
	for _, n := range s.now {
		total += n
	}
	x := s.x
	x.result.Schedules = total // for an interrupt
	x.result.Proof.Executions = total
	part := s.tree.Done()
	if len(took) == 1 {
		part += took[0].Weight() * done
	}
	x.result.Proof.Done = max(x.result.Proof.Done, min(part, 1-1e-9))
	x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "prove", Schedules: int(total), Total: int(total), Done: x.result.Proof.Done}, false)
}

// absorb takes in what a process has done of the pieces that it took.
func (s *search) absorb(took []*pieces.Piece, o *outcome, j *job) {
	u := &s.sums
	s.read.take(o.asks, s.x.r)
	u.Ran += o.ran
	u.Skips += o.skips
	u.External = u.External || o.external
	s.x.result.Steps += o.allSteps
	for _, l := range o.limits {
		l.place(s.x)
		u.add(l)
	}
	if o.proof.how == "" {
		s.failure = o
		return
	}
	if o.proof.spent > 0 {
		s.begin = (s.begin + max(o.took-o.proof.spent, 0)) / 2
	}
	numbers, err := s.tree.Names.Adopt(o.proof.names)
	if err != nil {
		s.err = err
		return
	}
	finished := map[int]bool{}
	for _, p := range o.proof.pieces {
		u.Executions += p.executions
		u.Blocked += p.blocked
		u.Cut += p.cut
		u.Whole += p.executions - min(p.cut, p.executions)
		u.Schedules = min(u.Schedules+p.schedules, math.MaxFloat64) // an infinity is no number of JSON
		s.ran += p.executions + p.blocked
		if p.index >= len(took) || finished[p.index] {
			s.err = pieces.ErrReport
			return
		}
		finished[p.index] = true
		if err := pieces.Translate(p.report, numbers); err != nil {
			s.err = err
			return
		}
		if err := s.tree.Finish(took[p.index], p.report); err != nil {
			s.err = err
			return
		}
	}
	for i, p := range took {
		if !finished[i] {
			s.tree.Return(p)
		}
	}
	switch how := o.proof.how; {
	case how == "cut" && len(finished) == 0 && j.warm:
		u.Cut++
		s.cold, s.wide = true, true
	case (how == "worn" || how == "cut" && !j.warm) && len(finished) == 0:
		s.how = how // a process that cannot do anything is of no use
	case how == "loop":
		s.wide = true
	case how == "cut":
		s.cold, s.wide = true, true
		if u.Whole == 0 && u.Cut >= mostCut {
			s.how = how
		}
	case how == "worn" || how == "time" || how == "count" || how == "all":
	default:
		s.how = how
	}
}

// add adds a limit that was not met before.
func (u *proofSums) add(l Limit) {
	for i := range u.Limits {
		if k := &u.Limits[i]; k.What == l.What && k.Level == l.Level {
			k.code = l.code // which a checkpoint does not have
			return
		}
	}
	u.Limits = append(u.Limits, l)
}
