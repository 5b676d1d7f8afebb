//go:build unix || windows

package net

import (
	"internal/poll"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// Unix sockets. Files stay real, and so does the file of a listener: it is made
// by a socket of the system that is closed at once. So its errors are the
// system's, a test can look at the file, and removing it does what it does. What
// is dialed at the file is in memory; like the system this goes by the file and
// not by its path, so that links and relative paths lead there, too.

// identify makes n the name of the socket at path, or of an abstract address.
//
//go:norace
func (n *fearlessName) identify(path string) {
	if fearlessAbstract(path) {
		n.path = path
		return
	}
	n.file, _ = fearlessFileOf(path)
}

func fearlessAbstract(path string) bool {
	return runtime.GOOS == "linux" && len(path) > 0 && (path[0] == '@' || path[0] == 0)
}

// fearlessUnixOurs reports whether a stream socket between these addresses is
// in memory: a listener with a name is, and what dials it. It is the scheduling
// point of a dial.
//
//go:norace
func fearlessUnixOurs(laddr, raddr *UnixAddr) bool {
	if raddr == nil {
		return laddr != nil && laddr.Name != "" && laddr.Name != "@"
	}
	fearlessPoint(unsafe.Pointer(&fearlessNet))
	n := &fearlessName{network: 'x'}
	n.identify(raddr.Name)
	if n.path == "" && n.file == [2]uint64{} {
		return false // the system says why there is no such file
	}
	fearlessLock()
	defer fearlessUnlock()
	return fearlessFind(n) != nil
}

// fearlessBindFile has the system make the file of a unix socket.
func (fd *netFD) fearlessBindFile(sa syscall.Sockaddr, path string) error {
	if fearlessAbstract(path) {
		return nil
	}
	s, err := sysSocket(fd.family, fd.sotype, 0)
	if err != nil {
		return err
	}
	defer poll.CloseFunc(s)
	return os.NewSyscallError("bind", syscall.Bind(s, sa))
}
