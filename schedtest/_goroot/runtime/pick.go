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
	if to > fearlessWindow {
		middle := fearlessIndex(f.last)
		if r := Mix(f.seed + f.steps); gp == nil && r%8 == 0 {
			middle = int(r >> 8 % uint64(to))
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
	if f.fair {
		i = f.random.Pick(p)
	} else {
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

func fearlessRecord(gp *g, p *Point, i int) {
	f := &fearless
	deviate := f.recorder.Record(p, i)
	var e *FearlessEvent
	if gp != nil {
		for i := len(f.events) - 1; i >= 0; i-- {
			if e = &f.events[i]; e.ID == gp.fearless.id && e.Op != uint8(OpStart) && e.Op != uint8(OpChoice) && e.Op != 0 {
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
	*e = FearlessEvent{Last: f.last}
	if f.last != 0 && fearlessOf(int(f.last-1)) != nil {
		e.Addr = 1 // blocked
	}
	return e
}
