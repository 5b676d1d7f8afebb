package runtime

// What else a program can see of the machine it runs on.

// fearlessRandom is the next number of gp's own sequence, so that taking a
// switch out of a schedule does not change the choices of other goroutines.
//
//go:nosplit
func fearlessRandom(gp *g) uint64 {
	gp.fearless.rands++
	z := fearless.seed + uint64(gp.fearless.id)<<32 + uint64(gp.fearless.rands)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fearlessRandn is cheaprandn for a choice that the program can see.
//
//go:nosplit
func fearlessRandn(n uint32) uint32 {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active {
		return cheaprandn(n)
	}
	return uint32(uint64(uint32(fearlessRandom(gp))) * uint64(n) >> 32)
}

// fearlessProcs is GOMAXPROCS while one P does the work of many: the program
// sees what it sets.
var fearlessProcs int32 = 4

func fearlessGOMAXPROCS(n int) int {
	old := int(fearlessProcs)
	if n > 0 {
		fearlessProcs = int32(n)
	}
	return old
}
