//go:build unix

package schedtest

import (
	"os"
	"syscall"
)

// quit makes a Go process print its goroutines and end.
func quit(p *os.Process) { p.Signal(syscall.SIGQUIT) }
