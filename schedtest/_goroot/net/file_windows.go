package net

import (
	"os"
	"syscall"
)

// fearlessFileOf says which file path leads to, by the text of its whole path: a link
// to a socket is another one here.
//
//go:norace
func fearlessFileOf(path string) (id [2]uint64, ok bool) {
	if _, err := os.Stat(path); err != nil {
		return id, false
	}
	full, err := syscall.FullPath(path)
	if err != nil {
		return id, false
	}
	h := [2]uint64{14695981039346656037, 1}
	for i := range len(full) {
		h[0] = (h[0] ^ uint64(lowerASCII(full[i]))) * 1099511628211
		h[1] = h[1]*31 + uint64(lowerASCII(full[i]))
	}
	return h, true
}
