package main

import (
	"os/exec"
	"syscall"
)

// endWithParent has the process killed when this one is. A worker that is killed would
// else leave behind what it had started, which may run for hours. The kernel means the
// thread that starts the process: Go ends no thread but those that a goroutine has
// locked to itself and never unlocked, and nobody does that here.
func endWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
