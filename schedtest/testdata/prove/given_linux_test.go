package prove

import (
	"os"
	"syscall"
	"testing"
)

// System calls that take no time, and so are made without a word to the scheduler.

func TestRawClockUndecided(t *testing.T) {
	var tv syscall.Timeval
	syscall.Gettimeofday(&tv)
	if tv.Usec%1000 == 7 {
		t.Fatal("seven")
	}
}
func TestRawUsageUndecided(t *testing.T) {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	if r.Minflt%1000 == 7 {
		t.Fatal("seven")
	}
}
func TestRawSyscallUndecided(t *testing.T) {
	if pid, _, _ := syscall.RawSyscall(syscall.SYS_GETPID, 0, 0, 0); pid == 7 {
		t.Fatal("seven")
	}
}

func TestRawProcessUndecided(t *testing.T) {
	if syscall.Getpid() == 7 {
		t.Fatal("seven")
	}
}
func TestRawThreadUndecided(t *testing.T) {
	if syscall.Gettid() == 7 {
		t.Fatal("seven")
	}
}
func TestUserUndecided(t *testing.T) {
	if os.Getuid() == 7 || os.Getegid() == 7 {
		t.Fatal("seven")
	}
}
func TestMaskUndecided(t *testing.T) { syscall.Umask(syscall.Umask(0)) }
