//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup keeps an interrupt of the terminal from the command: hunt passes it on.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func interrupt(p *os.Process) { p.Signal(os.Interrupt) }

// killTree ends the process and all that it has started.
func killTree(pid int) {
	for _, d := range descendants(pid) {
		syscall.Kill(d, syscall.SIGKILL)
	}
	syscall.Kill(-pid, syscall.SIGKILL)
}
