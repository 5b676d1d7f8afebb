package strategy

// Lateness draws how late goroutines may be in the schedule of a seed, in
// nanoseconds of virtual time. late is the most that the user allows. Most
// schedules have none: a test may rely on a timeout. One in sixteen has a
// hundred times as much, for what goes wrong only when a timeout passes; there
// failures of the test do not count, which may be the timeout's own.
func Lateness(seed uint64, late int64) int64 {
	switch Mix(seed^0x7ead) % 16 {
	case 0, 1, 2:
		return late
	case 3, 4:
		return late / 10
	case 5, 6:
		return late / 100
	case 7:
		return min(late, 1<<62/FarLate) * FarLate
	}
	return 0
}

// FarLate is how many times as late as the user allows goroutines are in the
// schedules that look behind timeouts.
const FarLate = 100
