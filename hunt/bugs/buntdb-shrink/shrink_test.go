package shrink

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/buntdb"
)

// Shrink returns the error of Seek with the lock of the database held, and a
// deferred function of its own then takes that lock (buntdb.go:651 and 663). An
// I/O error is had here by closing the file's descriptor under it.
//
// Mend: unlock before the return.
//
// run: go test -count=1
// shows: Shrink waits for its own lock
func TestShrinkAfterAnIOError(t *testing.T) {
	name := filepath.Join(t.TempDir(), "data.db")
	db, err := buntdb.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("only Linux tells its descriptors")
	}
	for _, e := range open {
		fd, _ := strconv.Atoi(e.Name())
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && target == name {
			syscall.Close(fd)
		}
	}
	done := make(chan error, 1)
	go func() { done <- db.Shrink() }()
	select {
	case err := <-done:
		t.Log("returned:", err)
	case <-time.After(5 * time.Second):
		t.Fatal("Shrink waits for its own lock")
	}
}
