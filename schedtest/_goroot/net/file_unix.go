//go:build unix

package net

import "syscall"

// fearlessFileOf says which file path leads to: its device and its number there.
//
//go:norace
func fearlessFileOf(path string) (id [2]uint64, ok bool) {
	var st syscall.Stat_t
	err := syscall.Stat(path, &st)
	for err == syscall.EINTR {
		err = syscall.Stat(path, &st)
	}
	if err != nil {
		return id, false
	}
	return [2]uint64{uint64(st.Dev), st.Ino}, true
}
