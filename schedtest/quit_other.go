//go:build !unix

package schedtest

import "os"

// quit ends a process; only Unix can ask it for its goroutines first.
func quit(p *os.Process) { p.Kill() }
