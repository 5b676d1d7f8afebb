//go:build unix || windows

package net

import (
	"context"
	"internal/poll"
	"syscall"
	"time"
	"unsafe"
)

// fearlessBacklog is how many connections may wait to be accepted.
const fearlessBacklog = 4096

// fearlessListener is a socket that accepts connections.
type fearlessListener struct {
	fearlessNothing
	family    int
	sotype    int
	network   string
	name      *fearlessName
	text      string // its address, for reports
	use       fearlessUse
	closed    bool
	by        fearlessDeadline
	first     *fearlessArrival
	last      *fearlessArrival
	waiting   int
	accepters fearlessQueue
	dialers   fearlessQueue // while too many wait to be accepted
}

// fearlessArrival is a connection that waits to be accepted.
type fearlessArrival struct {
	end           *fearlessEnd
	local, remote syscall.Sockaddr
	next          *fearlessArrival
}

//go:norace
func (l *fearlessListener) begin() {
	fearlessPoint(unsafe.Pointer(&fearlessNet))
	l.use.touch()
}

//go:norace
func (l *fearlessListener) accept() (*netFD, error) {
	l.begin()
	fearlessLock()
	a, err := l.tryAccept()
	for a == nil && err == nil {
		l.accepters.wait(int64(l.by), "accept a connection at "+l.text)
		a, err = l.tryAccept()
	}
	fearlessUnlock()
	l.use.touch()
	if err != nil {
		return nil, err
	}
	fd := fearlessNewFD(l.family, l.sotype, l.network)
	fd.fearless = a.end
	fd.setAddr(fd.addrFunc()(a.local), fd.addrFunc()(a.remote))
	return fd, nil
}

//go:norace
func (l *fearlessListener) tryAccept() (*fearlessArrival, error) {
	switch {
	case l.closed:
		return nil, poll.ErrNetClosing
	case l.by.over():
		return nil, poll.ErrDeadlineExceeded
	case l.first == nil:
		return nil, nil
	}
	a := l.first
	if l.first = a.next; l.first == nil {
		l.last = nil
	}
	l.waiting--
	l.dialers.wake()
	return a, nil
}

// local is the address of the near end of a connection to to. A unix socket has
// the path that it was made with.
//
//go:norace
func (l *fearlessListener) local(to *fearlessName) syscall.Sockaddr {
	if to.network == 'x' {
		return &syscall.SockaddrUnix{Name: l.text}
	}
	return to.sockaddr(l.family)
}

// arrive puts a connection in the queue.
//
//go:norace
func (l *fearlessListener) arrive(a *fearlessArrival) {
	if l.last == nil {
		l.first = a
	} else {
		l.last.next = a
	}
	l.last = a
	l.waiting++
	l.accepters.wake()
}

// awaitRoom waits while too many connections wait to be accepted, or until ctx ends.
//
//go:norace
func (l *fearlessListener) awaitRoom(ctx context.Context, what string) error {
	w := &fearlessWaiter{what: what}
	stop := context.AfterFunc(ctx, func() { fearlessWake(w) })
	fearlessLock()
	if !l.closed && l.waiting >= fearlessBacklog {
		l.dialers.await(w)
	}
	fearlessUnlock()
	if !stop() {
		return mapErr(ctx.Err())
	}
	return nil
}

//go:norace
func (l *fearlessListener) close() error {
	l.begin()
	defer l.use.touch()
	fearlessLock()
	defer fearlessUnlock()
	if l.closed {
		return poll.ErrNetClosing
	}
	l.closed = true
	l.name.forget()
	for a := l.first; a != nil; a = a.next {
		a.end.closed = true
		a.end.peer.resetByPeer()
	}
	l.first, l.last = nil, nil
	l.accepters.wake()
	l.dialers.wake()
	return nil
}

//go:norace
func (l *fearlessListener) setDeadline(t time.Time, _ int) error {
	d := fearlessDeadlineOf(t)
	l.begin()
	defer l.use.touch()
	fearlessLock()
	defer fearlessUnlock()
	if l.closed {
		return poll.ErrNetClosing
	}
	l.by = d
	l.accepters.wake()
	return nil
}
