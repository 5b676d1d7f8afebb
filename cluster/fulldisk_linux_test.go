package cluster_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
)

// The server's disk gets full while a run goes on. The run waits. When there is room again,
// and the server is started again, it goes on.
func TestADiskThatIsFullLosesNothingLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it mounts a file system, and takes half a minute")
	disk := t.TempDir()
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small file system cannot be mounted here, which root may, or who has CAP_SYS_ADMIN: %v", err)
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH) //nolint:errcheck // it goes with this container
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at, dir := l.Addr().String(), filepath.Join(disk, "streams")
	l.Close()
	s := start(t, "server", at, dir)
	await(t, at)
	start(t, "slow", "nats://"+at)
	start(t, "slow", "nats://"+at)
	c := start(t, "coordinator", "nats://"+at)
	awaitRun(t, at)
	time.Sleep(2 * time.Second)
	filler := filepath.Join(disk, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for block := make([]byte, 4096); ; size += len(block) {
		if _, err := f.Write(block); err != nil {
			break // the disk is full
		}
	}
	f.Close()
	if size == 0 {
		t.Fatalf("%d bytes fill the disk", size)
	}
	time.Sleep(5 * time.Second)
	kill(s)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	s = start(t, "server", at, dir)
	wantAlone(t, ended(t, c))
	kill(s)
}
