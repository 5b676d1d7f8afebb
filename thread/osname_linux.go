package thread

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// setOSThreadName names the calling operating system thread. Linux keeps the
// first 15 bytes.
func setOSThreadName(name string) {
	var comm [16]byte
	copy(comm[:len(comm)-1], name)
	// unsafe: prctl(2) takes the address of a C string and keeps nothing of it.
	// A thread without its name works as well as one with.
	_ = unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&comm)), 0, 0, 0)
}
