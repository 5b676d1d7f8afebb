package runtime

// Which goroutines are controlled, and which of them can run.

import (
	"internal/runtime/sys"
	"unsafe"
)

// fearlessNew numbers a new goroutine. It runs in newproc1, where memory may be had.
func fearlessNew(newg, callergp *g) {
	f := &fearless
	newg.fearless = fearlessG{}
	if !f.active {
		return
	}
	fearlessSettle()
	if callergp.fearless.id == 0 && callergp != f.driver.ptr() && callergp.goid != 0 {
		return // a goroutine of the runtime or one from before
	}
	if funcname(findfunc(newg.startpc)) == "os/signal.loop" {
		return // it hands signals on for as long as the process lives
	}
	if callergp.fearless.frozen {
		newg.fearless.frozen = true
	}
	f.all = append(f.all, 0)
	f.all[len(f.all)-1].set(newg)
	newg.fearless.id = uint32(len(f.all))
	newg.fearless.op = OpStart
	if fearlessProving {
		fearlessProveNew(newg, callergp)
	}
	f.live++
	f.changes, f.births = f.steps, f.steps
	if f.tracing && len(f.events) < cap(f.events) {
		f.events = f.events[:len(f.events)+1]
		f.events[len(f.events)-1] = FearlessEvent{ID: newg.fearless.id, Op: uint8(OpStart), Last: callergp.fearless.id, PC: [20]uintptr{newg.gopc, newg.startpc + sys.PCQuantum}}
	}
	if cap(f.list) < len(f.all)+8 {
		list := make([]uint32, len(f.list), 2*len(f.all)+64)
		copy(list, f.list)
		f.list = list
	}
}

// fearlessExit forgets a goroutine that ends.
func fearlessExit(gp *g) {
	if gp.fearless.id == 0 {
		return
	}
	f := &fearless
	fearlessNotAlone()
	if gp.fearless.listed {
		fearlessUnlist(gp)
	}
	if fearlessProving {
		fearlessProveGone(gp)
	}
	if gp.fearless.frozen {
		gp.fearless.frozen = false
		sched.ngsys.Add(-1)
	} else {
		f.live--
		f.changes, f.births = f.steps, f.steps
	}
	if f.cur.ptr() == gp {
		f.cur = 0
	}
	gp.fearless.id = 0
}

// fearlessGoexit orders the end of gp before the start of the next iteration,
// for the race detector, which would else report races between iterations.
func fearlessGoexit(gp *g) {
	if gp.fearless.id != 0 {
		racereleasemergeg(gp, unsafe.Pointer(&fearless.raceAt))
	}
}

// fearlessPut lists gp, which can run now. It returns false when gp belongs on
// the ordinary queue.
func fearlessPut(gp *g) bool {
	f := &fearless
	if fearlessProving && f.active {
		fearlessMeets(gp)
	}
	if gp.fearless.id == 0 {
		return fearlessStepAside(gp)
	}
	if gp.fearless.frozen {
		return true
	}
	if !f.active || getg().m.p == 0 {
		return false
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	return true
}

// fearlessIndex returns where id stands or belongs in the list.
func fearlessIndex(id uint32) int {
	list := fearless.list
	lo, hi := 0, len(list)
	if hi > 0 && list[hi-1] < id {
		return hi
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if list[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func fearlessList(gp *g) {
	f := &fearless
	fearlessNotAlone()
	i := fearlessIndex(gp.fearless.id)
	f.list = f.list[:len(f.list)+1]
	copy(f.list[i+1:], f.list[i:])
	f.list[i] = gp.fearless.id
	gp.fearless.listed = true
	gp.fearless.since = f.now
	if f.rootDone {
		gp.fearless.wakes++
	}
	f.changes = f.steps
	if fearlessProving {
		fearlessListed(gp)
	}
}

func fearlessUnlist(gp *g) {
	f := &fearless
	fearlessNotAlone()
	i := fearlessIndex(gp.fearless.id)
	copy(f.list[i:], f.list[i+1:])
	f.list = f.list[:len(f.list)-1]
	gp.fearless.listed = false
}

// fearlessKeep makes gp, which the collector preempts, run next.
func fearlessKeep(gp *g) {
	if fearless.active && gp.fearless.id != 0 && !gp.fearless.frozen && !fearlessForced(gp) {
		fearless.resume.set(gp)
	}
}

// fearlessDropCur unlists the goroutine that ran last if it cannot run.
func fearlessDropCur() {
	f := &fearless
	if gp := f.cur.ptr(); gp != nil && gp.fearless.listed && readgstatus(gp)&^_Gscan != _Grunnable {
		fearlessUnlist(gp)
		f.changes = f.steps
	}
}

// fearlessIntercept lists a controlled goroutine that came by an ordinary
// queue, and reports whether the scheduler must look again.
func fearlessIntercept(gp *g) bool {
	f := &fearless
	if gp.fearless.id == 0 {
		return fearlessStepAside(gp)
	}
	if gp.fearless.frozen {
		return true
	}
	if !f.active || f.cur.ptr() == gp {
		return false
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	return true
}
