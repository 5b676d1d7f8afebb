package park

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// A Reason is what a goroutine waits for: what a traceback shows, and what the
// runtime's profiles count it as. The zero Reason is ForCondition.
type Reason uint8

const (
	ForCondition Reason = iota // sync.Cond.Wait; the only one that is durable in a synctest bubble
	ForMutex                   // sync.Mutex.Lock
	ForRead                    // sync.RWMutex.RLock
	ForWrite                   // sync.RWMutex.Lock
	ForEnd                     // sync.WaitGroup.Wait
)

// At returns the Reason for a wait that begins at m: in a synctest bubble
// ForCondition, because every wait there is to be durable.
func (r Reason) At(m Moment) Reason {
	if m.inBubble() {
		return ForCondition
	}
	return r
}

// Now returns the Reason for a wait that begins now. It reads the clock, for
// nothing else that is public tells of a bubble.
func (r Reason) Now() Reason { return r.At(Now()) }

// longAgo is longer than any process runs. The time in a synctest bubble begins
// in the year 2000, as the runtime's clock has it: decades after the process started.
const longAgo = 20 * 365 * 24 * time.Hour

// inBubble reports whether m was taken in a synctest bubble.
func (m Moment) inBubble() bool { return m.since > longAgo || m.since < 0 }

// inBubble reports whether the caller runs in a synctest bubble.
func inBubble() bool { return Now().inBubble() }

// testBinary reports whether this is a binary of "go test", or one of which that
// is not known because the go command did not build it. The path of package
// main's tests is that of package main, so the name of the file counts, too.
var testBinary = sync.OnceValue(func() bool {
	info, ok := debug.ReadBuildInfo()
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	return !ok || strings.HasSuffix(info.Path, ".test") || strings.HasSuffix(name, ".test")
})
