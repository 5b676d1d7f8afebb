package explore

// history.go is what a thread has read so far, as a hash. What is known of histories is
// found out by the engine, which also has the argument (await.go); an exploration asks.

const (
	FirstHistory = 0x243f6a8885a308d3
	ChildHistory = 0x13198a2e03707344
	MostKnown    = 1 << 16 // memory stays flat; what is not known is only slower
)

// Mix is the hash of a history and what comes next.
func Mix(h, v uint64) uint64 {
	h = h*0x9e3779b97f4a7c15 + v + 0x452821e638d01377
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// BadValue is the entry in Explorer.Waits that says that v leaves a thread with
// that history in a busy loop. It is no history: those are entries, too.
func BadValue(history, v uint64) uint64 { return Mix(^history, v) }

// LatestWaits reports whether the last value of loc leaves a thread with that history waiting.
func (x *Explorer) LatestWaits(loc int32, history uint64) bool {
	l := &x.G.Loc[loc]
	return x.Waits.Has(BadValue(history, x.G.ValueAt(l, int32(len(l.CO))-1)))
}
