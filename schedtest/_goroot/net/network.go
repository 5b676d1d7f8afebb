//go:build unix || windows

package net

// The network in memory.
//
// In a process of "fearless test" every socket of this machine's own addresses
// lives in memory: connections, listeners, their ports and their buffers are
// plain data, and a goroutine that waits for one of them is stopped by the
// scheduler, which so sees who waits and who can go on. Each operation is a
// scheduling point, deadlines are timers of the virtual clock, and ports come from
// the seed: a schedule repeats exactly.
//
// A netFD whose field fearless is set is such a socket; the patches of
// fd_posix.go and its neighbours send each of its methods here. So all types of
// this package, and all packages above it, stay as they are. Begin reading at
// fearlessOpen (open.go); stream.go is a connection, listener.go what accepts
// them, wait.go how goroutines wait, race.go what the race detector is told.
//
// What may not be touched: no operation here may use a channel, a lock of
// package sync or a map for what several goroutines share. Those would order
// goroutines that a real network does not order, and hide races.

import (
	"errors"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname
)

// fearlessMemory reports whether this process has its network in memory.
var fearlessMemory = fearlessMode() != ""

// See package runtime for these.

//go:linkname fearlessMode
func fearlessMode() string

//go:linkname fearlessNow
func fearlessNow() int64

//go:linkname fearlessIteration
func fearlessIteration() (own, current, seed uint64)

//go:linkname fearlessListens
func fearlessListens()

//go:linkname fearlessUnfit
func fearlessUnfit()

// fearlessSocket is a socket in memory. Its errors are those that package
// internal/poll and the system would give.
type fearlessSocket interface {
	read(p []byte) (int, error)
	write(p []byte) (int, error)
	readMsg(p, oob []byte) (n, oobn int, from syscall.Sockaddr, err error)
	writeMsg(p, oob []byte, to syscall.Sockaddr) (n, oobn int, err error)
	accept() (*netFD, error)
	shutdown(how int) error
	close() error
	// setDeadline sets the deadline of reads (mode 'r'), writes ('w') or both.
	setDeadline(t time.Time, mode int) error
	// option sets an option of the socket; most mean nothing here.
	option(name fearlessOption, value int) error
}

// fearlessOption is an option of a socket that changes what a program sees.
type fearlessOption int

const (
	fearlessOtherOption fearlessOption = iota
	fearlessReadBuffer
	fearlessWriteBuffer
	fearlessLinger
)

// fearlessNothing are the methods of a socket that cannot do what is asked.
type fearlessNothing struct{}

func (fearlessNothing) read([]byte) (int, error)         { return 0, syscall.ENOTCONN }
func (fearlessNothing) write([]byte) (int, error)        { return 0, syscall.ENOTCONN }
func (fearlessNothing) accept() (*netFD, error)          { return nil, syscall.EINVAL }
func (fearlessNothing) shutdown(int) error               { return syscall.ENOTCONN }
func (fearlessNothing) option(fearlessOption, int) error { return nil }

// fearlessNoFile is the answer to a program that asks for the file descriptor of a
// socket in memory: it needs a real one.
func fearlessNoFile() error {
	fearlessUnfit()
	return errFearlessNoFile
}

var errFearlessNoFile = errors.New("a connection in the memory of fearless test has no file descriptor: run this test with -net real")

func (fearlessNothing) readMsg(p, oob []byte) (int, int, syscall.Sockaddr, error) {
	return 0, 0, nil, syscall.ENOTCONN
}

func (fearlessNothing) writeMsg(p, oob []byte, to syscall.Sockaddr) (int, int, error) {
	return 0, 0, syscall.ENOTCONN
}
