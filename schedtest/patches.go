package schedtest

// A patch changes one declaration of the Go distribution. Its anchor must
// stand in that declaration exactly once; else the installed Go is not one
// that we know, and nothing is built.
type patch struct {
	file   string // below GOROOT/src
	decl   string // "f", "T.f" for a method of T or *T, "type T"
	anchor string // "" is the opening brace of a function's body, or a struct's closing one
	where  place
	text   string
}

type place int

const (
	after place = iota
	before
	instead
)

// patches is everything that a controlled run changes in the distribution,
// beside the files of _goroot, which it adds, and the methods of sync/atomic's
// types (atomicPatches). Package runtime's part is explained in
// _goroot/runtime/state.go.
var patches = []patch{
	{"runtime/runtime2.go", "type g", "", before, "\n\tfearless fearlessG\n"},

	// The run queue.
	{"runtime/proc.go", "runqput", "", after, "\n\tif fearlessPut(gp) {\n\t\treturn\n\t}"},
	{"runtime/proc.go", "globrunqput", "", after, "\n\tif fearlessPut(gp) {\n\t\treturn\n\t}"},
	{"runtime/proc.go", "schedule", "\tmp.clearAllpSnapshot()\n", after, "\tif fearlessIntercept(gp) {\n\t\tif mp.spinning {\n\t\t\tresetspinning()\n\t\t}\n\t\tgoto top\n\t}\n"},
	{"runtime/proc.go", "findRunnable", "pp.timers.check(0, nil)", instead, "fearlessCheckTimers(pp)"},
	{"runtime/proc.go", "findRunnable", "\t// Poll network.\n", before, `	if fearless.active {
		fgp, funtil, fretry := fearlessNext(pp)
		if fgp != nil {
			return fgp, false, false
		}
		if fretry {
			goto top
		}
		if funtil != 0 {
			pollUntil = funtil
		}
	}
`},
	{"runtime/proc.go", "checkTimersNoP", "", after, "\n\tif fearless.installed {\n\t\treturn pollUntil\n\t}"},
	{"runtime/proc.go", "goschedImpl", "\tdropg()\n", after, "\tif preempted {\n\t\tfearlessKeep(gp)\n\t}\n"},
	{"runtime/proc.go", "preemptPark", "", after, "\n\tfearlessKeep(gp)"},
	{"runtime/proc.go", "Gosched", "", after, "\n\tif fearlessYield() {\n\t\treturn\n\t}"},
	{"runtime/proc.go", "newproc1", "\tif isSystemGoroutine(newg, false) {\n\t\tsched.ngsys.Add(1)\n\t} else {\n", after, "\t\tfearlessNew(newg, callergp)\n"},
	{"runtime/proc.go", "newproc", "\t\tif mainStarted {\n\t\t\twakep()\n\t\t}\n\t})\n", after, "\tfearlessPoint(OpGo, nil)\n"},
	{"runtime/proc.go", "goexit1", "\tif raceenabled {\n", after, "\t\tfearlessGoexit(getg())\n"},
	{"runtime/proc.go", "gdestroy", "", after, "\n\tfearlessExit(gp)"},
	{"runtime/proc.go", "retake", "", after, "\n\tif fearlessHold(now) {\n\t\treturn 0\n\t}"},
	// Whoever runs next is not the one that was alone.
	{"runtime/proc.go", "execute", "", after, "\n\tfearlessNotAlone()"},
	{"runtime/coro.go", "coroswitch_m", "", after, "\n\tfearlessNotAlone()"},
	{"runtime/proc.go", "reentersyscall", "", after, "\n\tfearlessNotAlone()"},
	{"runtime/proc.go", "entersyscallblock", "", after, "\n\tfearlessNotAlone()"},
	{"runtime/debug.go", "GOMAXPROCS", "", after, "\n\tif fearless.installed {\n\t\treturn fearlessGOMAXPROCS(n)\n\t}"},
	{"runtime/mgc.go", "GC", "", after, "\n\tfearlessQuiet(1)\n\tdefer fearlessQuiet(-1)\n"},
	// The scavenger's timers would keep virtual time from ever running out.
	{"runtime/mgcscavenge.go", "scavengerState.ready", "", after, "\n\treturn\n"},

	// Scheduling points.
	{"runtime/chan.go", "chansend", "", after, "\n\tfearlessPoint(OpSend, unsafe.Pointer(c))"},
	{"runtime/chan.go", "chanrecv", "", after, "\n\tfearlessPoint(OpRecv, unsafe.Pointer(c))"},
	{"runtime/chan.go", "closechan", "", after, "\n\tfearlessPoint(OpClose, unsafe.Pointer(c))"},
	{"runtime/chan.go", "chanlen", "", after, "\n\tfearlessPoint(OpRead, unsafe.Pointer(c))"},
	{"runtime/select.go", "selectgo", "", after, "\n\tfearlessPoint(OpSelect, nil)"},
	{"sync/mutex.go", "Mutex.Lock", "", after, "\n\tfearlessPoint(fearlessLock, unsafe.Pointer(m))"},
	{"sync/mutex.go", "Mutex.TryLock", "", after, "\n\tfearlessPoint(fearlessLock, unsafe.Pointer(m))"},
	{"sync/mutex.go", "Mutex.Unlock", "", after, "\n\tfearlessPoint(fearlessUnlock, unsafe.Pointer(m))"},
	{"sync/mutex.go", "import", "isync \"internal/sync\"\n", after, "\t\"unsafe\"\n"},
	{"sync/cond.go", "Cond.Wait", "", after, "\n\tfearlessPoint(fearlessCond, unsafe.Pointer(c))"},
	{"sync/cond.go", "Cond.Signal", "", after, "\n\tfearlessPoint(fearlessCond, unsafe.Pointer(c))"},
	{"runtime/time.go", "newTimer", "\tt.init = true\n", after, "\tif c == nil {\n\t\tfearlessPoint(OpClock, unsafe.Pointer(t))\n\t}\n"},
	{"runtime/time.go", "stopTimer", "", after, "\n\tfearlessPoint(OpClock, unsafe.Pointer(t))"},
	{"runtime/time.go", "resetTimer", "", after, "\n\tfearlessPoint(OpClock, unsafe.Pointer(t))"},
	{"sync/cond.go", "Cond.Broadcast", "", after, "\n\tfearlessPoint(fearlessCond, unsafe.Pointer(c))"},

	// Choices that a program can see.
	{"runtime/select.go", "selectgo", "cheaprandn(uint32(norder + 1))", instead, "fearlessRandn(uint32(norder + 1))"},
	{"runtime/select.go", "selectgo", "\tlockorder = lockorder[:norder]\n", after, "\tfearlessSelect(scases, pollorder, nsends)\n"},
	{"math/rand/rand.go", "Rand.Int63n", "return r.Int63() & (n - 1)", instead, "return int64(r.fearlessChosen(uint64(r.Int63()&(n-1)), uint64(n)))"},
	{"math/rand/rand.go", "Rand.Int63n", "return v % n", instead, "return int64(r.fearlessChosen(uint64(v%n), uint64(n)))"},
	{"math/rand/rand.go", "Rand.Int31n", "return r.Int31() & (n - 1)", instead, "return int32(r.fearlessChosen(uint64(r.Int31()&(n-1)), uint64(n)))"},
	{"math/rand/rand.go", "Rand.Int31n", "return v % n", instead, "return int32(r.fearlessChosen(uint64(v%n), uint64(n)))"},
	{"math/rand/rand.go", "Rand.int31n", "return int32(prod >> 32)", instead, "return int32(r.fearlessChosen(prod>>32, uint64(n)))"},
	{"math/rand/v2/rand.go", "Rand.uint64n", "return r.Uint64() & (n - 1)", instead, "return r.fearlessChosen(r.Uint64()&(n-1), n)"},
	{"math/rand/v2/rand.go", "Rand.uint64n", "\treturn hi\n", instead, "\treturn r.fearlessChosen(hi, n)\n"},
	{"math/rand/v2/rand.go", "Rand.uint32n", "return uint32(r.Uint64()) & (n - 1)", instead, "return uint32(r.fearlessChosen(r.Uint64()&uint64(n-1), uint64(n)))"},
	{"math/rand/v2/rand.go", "Rand.uint32n", "\treturn hi\n", instead, "\treturn uint32(r.fearlessChosen(uint64(hi), uint64(n)))\n"},
	{"runtime/rand.go", "rand", "", after, "\n\tif gp := getg(); gp.fearless.id != 0 && fearless.active {\n\t\treturn fearlessRandom(gp)\n\t}"},
	{"runtime/rand.go", "maps_rand", "", after, "\n\tif gp := getg(); gp.fearless.id != 0 && fearless.active {\n\t\treturn fearlessRandom(gp)\n\t}"},
	{"internal/runtime/maps/table.go", "Iter.Init", "\tit.entryOffset = rand()\n", before, "\tfearlessIterated(m.used)\n"},
	{"math/rand/rand.go", "runtimeSource.Int63", "", after, "\n\tfearlessDrawn()"},
	{"math/rand/rand.go", "runtimeSource.Uint64", "", after, "\n\tfearlessDrawn()"},
	{"math/rand/v2/rand.go", "runtimeSource.Uint64", "", after, "\n\tfearlessDrawn()"},
	// The same hash of the same string in every process, and with it the same
	// order of a map.
	{"runtime/rand.go", "randinit", "\tglobalRand.state.Init(*seed)\n", before, "\tfor i := range seed {\n\t\tseed[i] = byte(i*37 + 11)\n\t}\n"},

	// Virtual time.
	{"runtime/time.go", "time_runtimeNow", "return time_now()", instead, "return fearlessWallClock()"},
	{"runtime/time.go", "time_runtimeNano", "return nanotime()", instead, "return fearlessReadClock()"},
	{"runtime/time.go", "timeSleep", "now = nanotime()", instead, "now = fearlessNow()"},
	{"runtime/time.go", "timers.check", "now = nanotime()", instead, "now = fearlessNow()"},
	{"runtime/time.go", "timer.maybeRunChan", "now := nanotime()", instead, "now := fearlessNow()"},
	{"runtime/time.go", "timeSleepUntil", "", after, "\n\tif fearless.installed {\n\t\treturn maxWhen\n\t}"},
	{"runtime/time.go", "timer.modify", "", after, "\n\tfearlessOwnTimer(t)"},
	{"runtime/time.go", "resetForSleep", "", after, "\n\tfearlessSleeps(gp)"},
	{"runtime/time.go", "type timer", "", before, "\n\tfearless uint64 // see fearlessOwnTimer\n"},
	{"runtime/netpoll.go", "poll_runtime_pollSetDeadline", "d += nanotime()", instead, "d += fearlessNow()"},
	{"runtime/sema.go", "internal_sync_nanotime", "return nanotime()", instead, "return fearlessNow()"},

	// Signals, and what an iteration leaves.
	{"runtime/sigqueue.go", "sigsend", "\t// Notify receiver that queue has new bit.\n", before, "\tfearlessSignals.Add(1)\n"},
	{"runtime/traceback.go", "isSystemGoroutine", "", after, "\n\tif gp.fearless.frozen {\n\t\treturn true\n\t}"},

	// The end of the process.
	{"runtime/panic.go", "fatalpanic", "", after, "\n\tfearlessFatal()"},
	{"runtime/panic.go", "fatal", "", after, "\n\tfearlessFatal()"},

	// The driver.
	{"testing/testing.go", "M.Run", "\tm.before()\n", before, "\tif fearlessDrive(m) {\n\t\treturn\n\t}\n"},
	{"testing/testing.go", "common.log", "", after, "\n\tfearlessQuiet(1)\n\tdefer fearlessQuiet(-1)\n"},
	{"testing/testing.go", "T.Run", "\tvar pc [maxStackLen]uintptr\n", before, "\tfearlessQuiet(1)\n"},
	{"testing/testing.go", "T.Run", "\tif !<-t.signal {\n", before, "\tfearlessQuiet(-1)\n"},
}

// mapWrites are the functions that write to a map, each with one such toggle.
var mapWrites = map[string][]string{
	"map.go":             {"Map.PutSlot", "Map.Delete", "Map.Clear"},
	"runtime.go":         {"runtime_mapassign"},
	"runtime_fast32.go":  {"runtime_mapassign_fast32", "runtime_mapassign_fast32ptr"},
	"runtime_fast64.go":  {"runtime_mapassign_fast64", "runtime_mapassign_fast64ptr"},
	"runtime_faststr.go": {"runtime_mapassign_faststr"},
}

func init() {
	for file, decls := range mapWrites {
		for _, d := range decls {
			patches = append(patches, patch{"internal/runtime/maps/" + file, d, "\tm.writing ^= 1 // toggle, see comment on writing\n", after, "\tfearlessMap(m)\n"})
		}
	}
}
