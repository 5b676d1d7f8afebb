package runtime

// The strategy's picks, and their record.

// fearlessWindow is how many goroutines a strategy chooses from. When more can
// run, it is shown those that were created about when the last one was, for
// they work on the same thing, and now and then any others.
const fearlessWindow = 64

// fearlessPick asks the strategy. gp stands at a point, or is nil when the one
// that ran last blocked or ended. It returns nil for the timer.
func fearlessPick(gp *g, timer bool) *g {
	f := &fearless
	p := &f.point
	p.Current = -1
	p.Step = f.steps
	p.Last = f.last
	p.LastDone = 0
	if f.last != 0 && int(f.last) <= len(f.all) {
		if g := f.all[f.last-1].ptr(); g != nil && g.fearless.id == f.last {
			p.LastDone = g.fearless.done
		}
	}
	from, to := 0, len(f.list)
	fair := -1
	if f.fair {
		fair = fearlessFair(timer)
	}
	if to > fearlessWindow {
		middle := fearlessIndex(f.last)
		if r := Mix(f.seed + f.steps); gp == nil && r%8 == 0 {
			middle = int(r >> 8 % uint64(to))
		}
		if fair >= 0 && fair < to {
			middle = fair
		}
		from = min(max(middle-fearlessWindow/2, 0), to-fearlessWindow)
		to = from + fearlessWindow
	}
	n := 0
	if timer {
		f.window[0] = Thread{ID: TimerID, Op: OpTimer}
		n++
	}
	for _, id := range f.list[from:to] {
		g := f.all[id-1].ptr()
		if g == gp {
			p.Current = n
		}
		f.window[n] = Thread{ID: id, Op: g.fearless.op, Addr: g.fearless.addr, Done: g.fearless.done}
		n++
	}
	p.Threads = f.window[:n]
	var i int
	if n > 1 {
		fearlessChances++
	}
	switch {
	case fair == len(f.list):
		i = 0 // the timer
	case fair >= 0:
		i = fair - from
		if timer {
			i++
		}
	default:
		i = f.strategy.Pick(p)
	}
	if uint(i) >= uint(n) {
		throw("fearless: strategy picked out of range")
	}
	if f.tracing && len(f.events) < cap(f.events) {
		fearlessRecord(gp, p, i)
	}
	if p.Threads[i].ID == TimerID {
		return nil
	}
	return f.all[p.Threads[i].ID-1].ptr()
}

// fearlessFair returns the index in the list of the goroutine to run when the
// strategy's part is over, or the length of the list for the timer: any of them,
// but one that yields asks to be passed over, and is so eight times. Among ten
// thousand that wait in turn for one that holds a lock, it would else come last.
func fearlessFair(timer bool) int {
	f := &fearless
	n := uint64(len(f.list))
	if timer && f.random.rand.Below(n+1) == n {
		return int(n)
	}
	for tries := 0; ; tries++ {
		k := f.random.rand.Below(n)
		if tries == 8 || f.all[f.list[k]-1].ptr().fearless.op != OpYield {
			return int(k)
		}
	}
}

func fearlessRecord(gp *g, p *Point, i int) {
	f := &fearless
	deviate := f.recorder.Record(p, i)
	var e *FearlessEvent
	if gp != nil && p.Threads[i].ID == TimerID {
		// It stands where it stood, and another pick follows.
		f.events = f.events[:len(f.events)+1]
		e = &f.events[len(f.events)-1]
		*e = FearlessEvent{ID: gp.fearless.id, Op: uint8(OpTimer)}
	} else if gp != nil {
		for i := len(f.events) - 1; i >= 0; i-- {
			if e = &f.events[i]; e.ID == gp.fearless.id && e.Op != uint8(OpStart) && e.Op != uint8(OpChoice) && e.Op != uint8(OpTimer) && e.Op != 0 {
				break
			}
		}
	}
	if gp == nil || e == nil {
		e = fearlessPause()
	}
	e.Last, e.Done = p.Last, p.LastDone
	e.Pick = p.Threads[i].ID
	e.Deviate = deviate
}

// fearlessPause records that the goroutine that ran last has blocked or ended.
func fearlessPause() *FearlessEvent {
	f := &fearless
	f.events = f.events[:len(f.events)+1]
	e := &f.events[len(f.events)-1]
	*e = FearlessEvent{Last: f.last, Races: fearlessRaces()}
	if f.last != 0 && fearlessOf(int(f.last-1)) != nil {
		e.Addr = 1 // blocked
	}
	return e
}
