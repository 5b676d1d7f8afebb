package schedtest

import (
	"fmt"
	"strings"
)

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
	{"runtime/runtime2.go", "type g", "", before, "\n\tfearless fearlessG\n\tfearlessWrites uint64 // see prove_await.go\n\tfearlessUnseen uint8 // see prove_unseen.go\n"},

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
	{"runtime/coro.go", "coroswitch_m", "\t// Donate locked state.\n", before, "\tif fearlessProving {\n\t\tfearlessHandsOver(gp, gnext)\n\t}\n"},
	{"runtime/proc.go", "reentersyscall", "", after, "\n\tfearlessNotAlone()\n\tfearlessProveSyscall()"},
	{"runtime/proc.go", "entersyscallblock", "", after, "\n\tfearlessNotAlone()"},
	{"runtime/debug.go", "GOMAXPROCS", "", after, "\n\tif fearless.installed {\n\t\treturn fearlessGOMAXPROCS(n)\n\t}"},
	{"runtime/mgc.go", "GC", "", after, "\n\tfearlessQuiet(1)\n\tdefer fearlessQuiet(-1)\n"},
	// The scavenger's timers would keep virtual time from ever running out.
	{"runtime/mgcscavenge.go", "scavengerState.ready", "", after, "\n\treturn\n"},

	// Scheduling points.
	{"runtime/chan.go", "chansend", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveChan(OpSend, c, block)\n\t} else {\n\t\tfearlessPoint(OpSend, unsafe.Pointer(c))\n\t}"},
	{"runtime/chan.go", "chanrecv", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveChan(OpRecv, c, block)\n\t} else {\n\t\tfearlessPoint(OpRecv, unsafe.Pointer(c))\n\t}"},
	{"runtime/chan.go", "chanlen", "", after, "\n\tif !fearlessProving {\n\t\tfearlessPoint(OpRead, unsafe.Pointer(c))\n\t} else if c != nil {\n\t\tfearlessProve(pvLen, unsafe.Pointer(c), nil, 0)\n\t}"},
	{"runtime/chan.go", "closechan", "", after, "\n\tfearlessPoint(OpClose, unsafe.Pointer(c))"},
	{"runtime/select.go", "selectgo", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveSelect(cas0, nsends, nrecvs, block)\n\t} else {\n\t\tfearlessPoint(OpSelect, nil)\n\t}"},
	{"sync/mutex.go", "Mutex.Lock", "", after, "\n\tfearlessPoint(fearlessLock, unsafe.Pointer(m))"},
	{"sync/mutex.go", "Mutex.TryLock", "", after, "\n\tif fearlessProving {\n\t\tfearlessProve(fearlessTryLock, unsafe.Pointer(m), nil, 0)\n\t} else {\n\t\tfearlessPoint(fearlessLock, unsafe.Pointer(m))\n\t}"},
	{"sync/mutex.go", "Mutex.Unlock", "", after, "\n\tfearlessPoint(fearlessUnlock, unsafe.Pointer(m))"},
	{"sync/mutex.go", "import", "isync \"internal/sync\"\n", after, "\t\"unsafe\"\n"},
	{"sync/cond.go", "Cond.Wait", "", after, condPoint("CondWait")},
	{"sync/cond.go", "Cond.Wait", "\tc.L.Unlock()\n", before, "\tif fearlessProving {\n\t\tfearlessTicket(unsafe.Pointer(&c.notify), t)\n\t}\n"},
	{"sync/cond.go", "Cond.Wait", "\truntime_notifyListWait(", before, "\tif fearlessProving {\n\t\tfearlessProve(fearlessTicketed, unsafe.Pointer(c), unsafe.Pointer(&c.notify), 0)\n\t}\n"},
	{"sync/cond.go", "Cond.Signal", "", after, condPoint("Signal")},
	{"sync/cond.go", "Cond.Broadcast", "", after, condPoint("Broadcast")},
	{"runtime/time.go", "newTimer", "\tt.init = true\n", after, "\tif c == nil {\n\t\tfearlessPoint(OpClock, unsafe.Pointer(t))\n\t}\n"},
	{"runtime/time.go", "stopTimer", "", after, "\n\tfearlessPoint(OpClock, unsafe.Pointer(t))"},
	{"runtime/time.go", "resetTimer", "", after, "\n\tfearlessPoint(OpClock, unsafe.Pointer(t))"},

	// Operations of package sync that are one event when proving.
	{"sync/rwmutex.go", "RWMutex.RLock", "", after, macro("RLock", "rw", "&rw.readerCount", "0")},
	{"sync/rwmutex.go", "RWMutex.TryRLock", "", after, macro("TryRLock", "rw", "&rw.readerCount", "0")},
	{"sync/rwmutex.go", "RWMutex.RUnlock", "", after, macro("RUnlock", "rw", "&rw.readerCount", "0")},
	{"sync/rwmutex.go", "RWMutex.Lock", "", after, macro("Announce", "rw", "&rw.readerCount", "0")},
	{"sync/rwmutex.go", "RWMutex.Lock", "r != 0 && rw.readerWait.Add(r) != 0", instead, "wait := r != 0 && rw.readerWait.Add(r) != 0; fearlessDrain(rw) || wait"},
	{"sync/rwmutex.go", "RWMutex.TryLock", "", after, macro("TryWLock", "rw", "&rw.readerCount", "0")},
	{"sync/rwmutex.go", "RWMutex.Unlock", "", after, macro("WUnlock", "rw", "&rw.readerCount", "0")},
	{"sync/waitgroup.go", "WaitGroup.Add", "", after, macro("Add", "wg", "&wg.state", "uint64(delta)")},
	{"sync/waitgroup.go", "WaitGroup.Wait", "", after, `
	if fearlessProving {
		if fearlessProve(fearlessWait, unsafe.Pointer(wg), unsafe.Pointer(&wg.state), 0) != 0 {
			race.Write(unsafe.Pointer(&wg.sema)) // as a Wait that waits does, below
		}
		fearlessMacro(1)
		defer fearlessMacro(-1)
	}
`},
	{"sync/once.go", "import", "\t\"sync/atomic\"\n", after, "\t\"unsafe\"\n"},
	{"sync/once.go", "Once.Do", "", after, macro("Once", "o", "&o.m", "uint64(uintptr(unsafe.Pointer(&o.done)))")},
	{"sync/once.go", "Once.doSlow", "\t\tf()\n", instead, "\t\tif fearlessProving {\n\t\t\tfearlessOnceRun(o, f)\n\t\t} else {\n\t\t\tf()\n\t\t}\n"},
	{"sync/map.go", "import", "\tisync \"internal/sync\"\n", after, "\t\"unsafe\"\n"},
	{"sync/map.go", "Map.Load", "", after, macro("MapRead", "m", "nil", "0")},
	{"sync/map.go", "Map.Store", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.Clear", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.LoadOrStore", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.LoadAndDelete", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.Delete", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.Swap", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.CompareAndSwap", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.CompareAndDelete", "", after, macro("MapWrite", "m", "nil", "0")},
	{"sync/map.go", "Map.Range", "", after, `
	if fearlessProving {
		fearlessProve(fearlessMapRange, unsafe.Pointer(m), nil, 0)
		fearlessMacro(1)
		seen := new(int)
		defer fearlessRangeEnd(m, seen)
		f = fearlessRange(f, seen)
	}
`},
	{"sync/pool.go", "type Pool", "", before, "\n\tfearless fearlessItems\n"},
	{"sync/pool.go", "Pool.Put", "", after, "\n\tif x != nil && p.fearlessPut(x) {\n\t\treturn\n\t}\n"},
	{"sync/pool.go", "Pool.Get", "", after, "\n\tif fearlessProving {\n\t\tif x, ok := p.fearlessGet(); ok {\n\t\t\treturn x\n\t\t}\n\t}\n"},
	// A pool of the distribution, such as fmt's, keeps nothing when proving, as its documentation
	// allows: what it hands on would order goroutines for the race detector, in one way of two.
	{"sync/pool.go", "Pool.Put", "runtime_randn(4) == 0", instead, "fearlessProving || runtime_randn(4) == 0"},

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
	{"internal/runtime/maps/table.go", "Iter.Next", "\tif it.m.writing != 0 {\n", before, "\tit.fearlessGoesOn()\n\n"},
	{"math/rand/rand.go", "runtimeSource.Int63", "", after, "\n\tfearlessDrawn()"},
	{"math/rand/rand.go", "runtimeSource.Uint64", "", after, "\n\tfearlessDrawn()"},
	{"math/rand/v2/rand.go", "runtimeSource.Uint64", "", after, "\n\tfearlessDrawn()"},
	// The same hash of the same string in every process, and with it the same
	// order of a map.
	{"runtime/rand.go", "randinit", "\tglobalRand.state.Init(*seed)\n", before, "\tfor i := range seed {\n\t\tseed[i] = byte(i*37 + 11)\n\t}\n"},

	// What a proof does not model.
	{"runtime/vgetrandom_linux.go", "vgetrandom", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessRandomNumber)"},
	{"runtime/mheap.go", "internal_weak_runtime_registerWeakPointer", "", after, "\n\tfearlessUserLimit(fearlessFinalizer, \"weak\")"},
	{"hash/maphash/maphash.go", "MakeSeed", "", after, "\n\tfearlessSeeds()"},
	{"runtime/debug.go", "NumGoroutine", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessGoroutineCount)"},
	{"runtime/mprof.go", "goroutineProfileWithLabels", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessGoroutineCount)"},
	{"runtime/mprof.go", "goroutineLeakProfileWithLabels", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessGoroutineCount)"},
	{"runtime/mprof.go", "goroutineProfileInternal", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessGoroutineCount)"},
	{"runtime/mprof.go", "Stack", "", after, "\n\tif all {\n\t\tfearlessOurLimit(fearlessSampled, fearlessGoroutineCount)\n\t}"},
	{"runtime/metrics.go", "readMetrics", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mprof.go", "memProfileInternal", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mprof.go", "blockProfileInternal", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mprof.go", "mutexProfileInternal", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mprof.go", "threadCreateProfileInternal", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mstats.go", "readGCStats", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mstats.go", "ReadMemStats", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessMemoryStats)"},
	{"runtime/mfinal.go", "SetFinalizer", "", after, "\n\tfearlessUserLimit(fearlessFinalizer, \"\")"},
	{"runtime/mcleanup.go", "AddCleanup", "", after, "\n\tfearlessUserLimit(fearlessFinalizer, \"\")"},
	{"runtime/sigqueue.go", "signal_enable", "", after, "\n\tfearlessOurLimit(fearlessUnsuitable, fearlessAsksSignals)"},
	{"runtime/synctest.go", "synctestRun", "", after, "\n\tfearlessOurLimit(fearlessUnsuitable, fearlessSynctest)"},
	{"runtime/debug.go", "NumCPU", "", after, "\n\tfearlessAsksProcs(fearlessGivenCPUs)"},
	{"os/exec.go", "Getpid", "", after, " fearlessAsks();"},
	{"os/exec.go", "Getppid", "", after, " fearlessAsks();"},
	{"syscall/syscall_linux.go", "RawSyscall6", "", after, "\n\tfearlessAsks()"},
	{"syscall/syscall_linux_amd64.go", "Gettimeofday", "", after, "\n\tfearlessAsks()"},
	{"syscall/syscall_linux_amd64.go", "Time", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Getpid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Getppid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Gettid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Getuid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Geteuid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Getgid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Getegid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_amd64.go", "Umask", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Getpid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Getppid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Gettid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Getuid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Geteuid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Getgid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Getegid", "", after, "\n\tfearlessAsks()"},
	{"syscall/zsyscall_linux_arm64.go", "Umask", "", after, "\n\tfearlessAsks()"},
	{"runtime/cgocall.go", "cgocall", "", after, "\n\tfearlessOurLimit(fearlessSampled, fearlessCgo)"},
	{"runtime/netpoll.go", "poll_runtime_pollOpen", "\treturn pd, 0\n", before, "\tfearlessOurLimit(fearlessSampled, fearlessOutsideIO)\n"},
	{"internal/testlog/log.go", "Getenv", "", after, "\n\tFearlessAsk(\"env \", name)"},
	{"internal/testlog/log.go", "Open", "", after, "\n\tFearlessAsk(\"file \", name)"},
	{"internal/testlog/log.go", "Stat", "", after, "\n\tFearlessAsk(\"file \", name)"},
	{"os/env.go", "Environ", "", after, "\n\ttestlog.FearlessAsk(\"env \", \"*\")"},
	{"os/file.go", "File.Write", "", after, "\n\tif fearlessPrints(f) {\n\t\tfearlessPrinting(b)\n\t\tdefer fearlessPrinted()\n\t}"},

	// Virtual time.
	{"runtime/time.go", "timeSleep", "\tgp := getg()\n", before, "\tif fearlessProving {\n\t\tfearlessProveTimer(nil)\n\t}\n"},
	{"runtime/time.go", "newTimer", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveTimer(c)\n\t}"},
	{"runtime/time.go", "stopTimer", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveTimer(fearlessTimerChan(&t.timer))\n\t}"},
	{"runtime/time.go", "resetTimer", "", after, "\n\tif fearlessProving {\n\t\tfearlessProveTimer(fearlessTimerChan(&t.timer))\n\t}"},
	{"time/time.go", "Since", "", after, "\n\tfearlessLooks()"},
	{"time/time.go", "Until", "", after, "\n\tfearlessLooks()"},
	// A timer may fire before anybody looks at its channel.
	{"runtime/time.go", "timer.needsAdd", "t.blocked > 0", instead, "t.blocked > 0 || fearlessProving"},
	{"runtime/time.go", "unblockTimerChan", "if t.blocked == 0 &&", instead, "if t.blocked == 0 && !fearlessProving &&"},
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
	{"testing/testing.go", "type common", "", before, "\n\tfearlessContext bool\n"},
	{"testing/testing.go", "common.log", "", after, tellUnseen("fearlessReport")},
	{"testing/testing.go", "common.log", "\ts = n.callSite(3) + s\n", after, "\tfearlessLogged(s)\n"},
	{"testing/testing.go", "common.Fail", "", after, tell("fearlessFail") + "\n\tfearlessFails()"},
	{"testing/testing.go", "common.FailNow", "", after, tell("fearlessFail")},
	{"testing/testing.go", "common.Failed", "", after, tell("fearlessFailed")},
	{"testing/testing.go", "common.Cleanup", "", after, tell("fearlessCleanup")},
	{"testing/testing.go", "common.SkipNow", "", after, tell("fearlessReport")},
	{"testing/testing.go", "common.Skipped", "", after, tellUnseen("0")},
	{"testing/testing.go", "common.Helper", "", after, tellUnseen("0")},
	{"testing/testing.go", "common.TempDir", "", after, tellUnseen("0")},
	{"testing/testing.go", "common.ArtifactDir", "", after, tell("0")},
	{"testing/testing.go", "common.Setenv", "", after, tell("0")},
	{"testing/testing.go", "common.Chdir", "", after, tell("0")},
	{"testing/testing.go", "common.Context", "", after, "\n\tc.fearlessUsesContext()"},
	{"testing/testing.go", "common.runCleanup", "\t\tc.cancelCtx()\n", instead, "\t\tc.fearlessCancel()\n"},
	{"testing/testing.go", "common.runCleanup", "\t\tcleanup()\n", instead, "\t\tfearlessRunCleanup(cleanup)\n"},
	{"testing/fuzz.go", "F.Fuzz", "", after, tellNothing},
	{"testing/testing.go", "removeAll", "", after, tellNothing},
	{"testing/testing.go", "T.Run", "", after, tellNothing},
	{"testing/testing.go", "T.Parallel", "", after, tellNothing},
	{"testing/testing.go", "T.Parallel", "\tt.tstate.waitParallel()\n", before, "\tif fearlessProving && t.tstate.maxParallel > 1 {\n\t\tfearlessUnseen(1)\n\t\tdefer fearlessUnseen(-1)\n\t}\n"},
	{"testing/testing.go", "outputWriter.Write", "", after, "\n\tif fearlessProving {\n\t\tfearlessReads(p)\n\t\tfearlessUnseen(1)\n\t\tdefer fearlessUnseen(-1)\n\t}"},
	{"testing/testing.go", "tRunner", "", after, "\n\tfearlessTesting(true)"},
	{"testing/testing.go", "tRunner", "\tfn(t)\n", instead, "\tfearlessTesting(false)\n\tfn(t)\n\tfearlessTesting(true)\n"},
	{"testing/testing.go", "tRunner", "\t\tif len(t.sub) == 0 {\n", before, "\t\tfearlessTesting(true)\n"},
	{"testing/testing.go", "tRunner", "\t\tt.report() // Report", before, "\t\tfearlessTestEnd(&t.common)\n"},
	{"testing/testing.go", "common.log", "", after, "\n\tfearlessQuiet(1)\n\tdefer fearlessQuiet(-1)\n"},
	{"testing/testing.go", "T.Run", "\tvar pc [maxStackLen]uintptr\n", before, "\tfearlessQuiet(1)\n"},
	{"testing/testing.go", "T.Run", "\tif !<-t.signal {\n", before, "\tfearlessQuiet(-1)\n"},
}

// macro makes a method of package sync one event, fearless+what, of its receiver
// when proving; see fearlessProofG of _goroot/runtime for guard and arg.
func macro(what, receiver, guard, arg string) string {
	if guard != "nil" {
		guard = "unsafe.Pointer(" + guard + ")"
	}
	return fmt.Sprintf(`
	if fearlessProving {
		fearlessProve(fearless%s, unsafe.Pointer(%s), %s, %s)
		fearlessMacro(1)
		defer fearlessMacro(-1)
	}
`, what, receiver, guard, arg)
}

// condPoint is a scheduling point of a Cond, which is another event for each
// method when proving.
func condPoint(what string) string {
	return "\n\tif fearlessProving {\n\t\tfearlessProve(fearless" + what + ", unsafe.Pointer(c), unsafe.Pointer(&c.notify), 0)\n\t} else {\n\t\tfearlessPoint(fearlessCond, unsafe.Pointer(c))\n\t}"
}

// tell makes a method of testing's common one event of the test, or none.
func tell(what string) string {
	return "\n\tif fearlessProving {\n\t\tfearlessTell(" + what + ", c)\n\t\tdefer fearlessQuiet(-1)\n\t}\n"
}

// tellUnseen is tell for what the race detector does not see, either.
func tellUnseen(what string) string {
	return strings.Replace(tell(what), "\t\tdefer", "\t\tfearlessUnseen(1)\n\t\tdefer fearlessUnseen(-1)\n\t\tdefer", 1)
}

// tellNothing makes a function of package testing no event.
var tellNothing = strings.Replace(tell("0"), ", c)", ", nil)", 1)

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
