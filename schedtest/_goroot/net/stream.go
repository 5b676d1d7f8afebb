//go:build unix || windows

package net

import (
	"internal/poll"
	"io"
	"syscall"
	"time"
	"unsafe"
)

// How many bytes may be on their way before a Write waits: about what Linux
// takes on loopback, with what it adds by itself when a connection needs it.
const (
	fearlessTCPBuffer  = 1 << 20 // at each end
	fearlessUnixBuffer = 208 << 10
)

// fearlessPair is a connection: two ends, and the bytes on their way to each.
// Its address stands for both in scheduling points.
type fearlessPair struct {
	ends [2]fearlessEnd
	unix bool
}

// fearlessSegment is what one Write, or a part of it, has sent.
type fearlessSegment struct {
	data []byte
	at   int64 // when it arrives
	more bool  // another packet of the same Write follows
	next *fearlessSegment
}

// fearlessFlow is a direction of a connection.
type fearlessFlow struct {
	first, last *fearlessSegment
	size        int
	sent, got   int  // the sizes of the buffers at its ends
	end         bool // nothing comes behind what is here
}

// fearlessEnd is one end of a connection.
type fearlessEnd struct {
	fearlessNothing
	pair  *fearlessPair
	peer  *fearlessEnd
	name  string // its two addresses, for reports
	bound *fearlessName
	own   uint64 // the iteration that it is of, or 0
	use   fearlessUse

	in      fearlessFlow
	closed  bool
	deaf    bool  // CloseRead was called
	mute    bool  // it cannot write any more
	reset   bool  // the connection was reset
	err     error // what the next operation is told of that
	hard    bool  // SetLinger(0): closing resets
	busy    bool  // a Write is under way, and others wait
	readBy  fearlessDeadline
	writeBy fearlessDeadline
	readers fearlessQueue
	writers fearlessQueue
}

// fearlessConnect makes a connection between two addresses. The first end
// is the one that dials.
//
//go:norace
func fearlessConnect(unix bool, from, to string) *fearlessPair {
	p := &fearlessPair{unix: unix}
	own, _, _ := fearlessIteration()
	names := [2]string{from + " -> " + to, to + " -> " + from}
	for i := range p.ends {
		e := &p.ends[i]
		e.pair, e.peer, e.name, e.own = p, &p.ends[1-i], names[i], own
		e.in.sent, e.in.got = fearlessTCPBuffer, fearlessTCPBuffer
		if unix {
			e.in.sent, e.in.got = fearlessUnixBuffer, 0
		}
	}
	return p
}

// stale reports whether e is left over by a schedule that is over: what was at
// its other end does not run any more.
//
//go:norace
func (e *fearlessEnd) stale() bool {
	if e.own == 0 {
		return false
	}
	own, current, _ := fearlessIteration()
	return own != 0 && current != e.own
}

// begin is the scheduling point before each operation.
//
//go:norace
func (e *fearlessEnd) begin() {
	fearlessPoint(unsafe.Pointer(e.pair))
	e.use.touch()
}

//go:norace
func (e *fearlessEnd) read(p []byte) (int, error) {
	e.begin()
	fearlessLock()
	e.fault()
	n, err, wait := e.tryRead(p)
	for wait {
		e.readers.wait(e.in.arrival(e.readBy), "read from "+e.name)
		n, err, wait = e.tryRead(p)
	}
	fearlessUnlock()
	fearlessFilled(p[:n])
	e.use.touch()
	return n, err
}

//go:norace
func (e *fearlessEnd) tryRead(p []byte) (n int, err error, wait bool) {
	switch {
	case e.closed:
		return 0, poll.ErrNetClosing, false
	case len(p) == 0:
		return 0, nil, false
	case e.readBy.over():
		return 0, poll.ErrDeadlineExceeded, false
	case e.in.size > 0:
		if n = e.in.most(len(p)); n == 0 {
			return 0, nil, true // nothing has arrived
		}
		n = e.in.take(p[:n])
		e.peer.writers.wake()
		return n, nil, false
	case e.err != nil:
		err, e.err = e.err, nil
		return 0, err, false
	case e.in.end || e.deaf || e.reset:
		return 0, io.EOF, false
	case e.stale():
		return 0, syscall.ECONNRESET, false
	}
	return 0, nil, true
}

// take moves bytes from the flow to p.
//
//go:norace
func (f *fearlessFlow) take(p []byte) (n int) {
	for n < len(p) && f.first != nil {
		s := f.first
		fearlessGot(s)
		k := copy(p[n:], s.data)
		n += k
		if s.data = s.data[k:]; len(s.data) == 0 {
			if f.first = s.next; f.first == nil {
				f.last = nil
			}
		}
	}
	f.size -= n
	return n
}

// arrival is when a Read has to look again: when the next bytes arrive, or at
// its deadline.
//
//go:norace
func (f *fearlessFlow) arrival(by fearlessDeadline) int64 {
	if f.first == nil {
		return int64(by)
	}
	if by == 0 || f.first.at < int64(by) {
		return f.first.at
	}
	return int64(by)
}

// put adds what there is room for, and returns how much that was.
//
//go:norace
func (f *fearlessFlow) put(p []byte) (n int) {
	p = p[:max(min(len(p), f.sent+f.got-f.size), 0)]
	at := fearlessArrives()
	for n < len(p) {
		packet := p[n:min(n+fearlessPacket, len(p))]
		s := &fearlessSegment{data: make([]byte, len(packet)), at: at}
		copy(s.data, packet)
		fearlessWritten(s, packet)
		if n += len(packet); n < len(p) {
			s.more = true
		}
		if f.last == nil {
			f.first = s
		} else {
			f.last.next = s
		}
		f.last = s
	}
	f.size += n
	return n
}

//go:norace
func (f *fearlessFlow) drop() { f.first, f.last, f.size = nil, nil, 0 }

//go:norace
func (e *fearlessEnd) write(p []byte) (n int, err error) {
	e.begin()
	fearlessLock()
	e.fault()
	for e.busy && !e.closed {
		// As the lock of a file descriptor does, this keeps two writes apart.
		// Its deadline is looked at once it has its turn.
		e.writers.wait(0, "write to "+e.name+", behind another Write")
	}
	if e.closed {
		fearlessUnlock()
		e.use.touch()
		return 0, poll.ErrNetClosing
	}
	e.busy = true
	for {
		k, failed, wait := e.tryWrite(p[n:])
		n += k
		if !wait {
			err = failed
			break
		}
		e.writers.wait(int64(e.writeBy), "write to "+e.name+", whose buffer is full")
	}
	e.busy = false
	e.writers.wake()
	fearlessUnlock()
	e.use.touch()
	return n, err
}

//go:norace
func (e *fearlessEnd) tryWrite(p []byte) (n int, err error, wait bool) {
	to := e.peer
	switch {
	case e.closed:
		return 0, poll.ErrNetClosing, false
	case e.writeBy.over():
		return 0, poll.ErrDeadlineExceeded, false
	case e.err != nil:
		err, e.err = e.err, nil
		return 0, err, false
	case e.mute || e.pair.unix && (to.closed || to.deaf):
		return 0, syscall.EPIPE, false
	case e.stale():
		return 0, syscall.ECONNRESET, false
	case to.closed:
		// The system takes it. Its answer comes too late for this Write.
		e.mute = true
		return len(p), nil, false
	}
	if n = to.in.put(p); n > 0 {
		to.readers.wake()
	}
	return n, nil, n < len(p)
}

//go:norace
func (e *fearlessEnd) close() error {
	e.begin()
	defer e.use.touch()
	if e.bound != nil {
		fearlessPoint(unsafe.Pointer(&fearlessNet))
	}
	fearlessLock()
	defer fearlessUnlock()
	if e.closed {
		return poll.ErrNetClosing
	}
	e.closed = true
	e.bound.forget()
	unread := e.in.size > 0
	e.in.drop()
	if unread || e.hard {
		e.peer.resetByPeer()
	} else {
		e.peer.in.end = true
	}
	e.readers.wake()
	e.writers.wake()
	e.peer.readers.wake()
	e.peer.writers.wake()
	return nil
}

// resetByPeer is what a reset does to an end. What has arrived can be read.
//
//go:norace
func (e *fearlessEnd) resetByPeer() {
	if !e.reset {
		e.reset, e.mute, e.err = true, true, syscall.ECONNRESET
		e.readers.wake()
		e.writers.wake()
	}
}

//go:norace
func (e *fearlessEnd) shutdown(how int) error {
	e.begin()
	defer e.use.touch()
	fearlessLock()
	defer fearlessUnlock()
	switch {
	case e.closed:
		return poll.ErrNetClosing
	case e.reset:
		return syscall.ENOTCONN
	case how == syscall.SHUT_WR:
		e.mute = true
		e.peer.in.end = true
		e.writers.wake()
		e.peer.readers.wake()
	case how == syscall.SHUT_RD:
		e.deaf = true
		e.readers.wake()
		if e.pair.unix {
			e.peer.writers.wake()
		}
	}
	return nil
}

//go:norace
func (e *fearlessEnd) setDeadline(t time.Time, mode int) error {
	d := fearlessDeadlineOf(t)
	e.begin()
	defer e.use.touch()
	fearlessLock()
	defer fearlessUnlock()
	if e.closed {
		return poll.ErrNetClosing
	}
	if mode != 'w' && e.readBy != d {
		e.readBy = d
		e.readers.wake()
	}
	if mode != 'r' && e.writeBy != d {
		e.writeBy = d
		e.writers.wake()
	}
	return nil
}

//go:norace
func (e *fearlessEnd) option(name fearlessOption, value int) error {
	e.use.touch()
	defer e.use.touch()
	fearlessLock()
	defer fearlessUnlock()
	if e.closed {
		return poll.ErrNetClosing
	}
	switch name {
	case fearlessLinger:
		e.hard = value == 0
	case fearlessReadBuffer:
		if !e.pair.unix {
			e.in.got = max(value, 1)
			e.peer.writers.wake()
		}
	case fearlessWriteBuffer:
		e.peer.in.sent = max(value, 1)
		e.writers.wake()
	}
	return nil
}

// fearlessWriteBuffers writes v as one system call would: nothing of another
// Write comes between, as far as there is room.
func fearlessWriteBuffers(s fearlessSocket, v *Buffers) (n int64, err error) {
	var all []byte
	for _, b := range *v {
		all = append(all, b...)
	}
	k, err := s.write(all)
	v.consume(int64(k))
	return int64(k), err
}

func (e *fearlessEnd) readMsg(p, oob []byte) (n, oobn int, from syscall.Sockaddr, err error) {
	n, err = e.read(p)
	return n, 0, nil, err
}

// writeMsg cannot send file descriptors or credentials.
func (e *fearlessEnd) writeMsg(p, oob []byte, _ syscall.Sockaddr) (n, oobn int, err error) {
	if len(oob) > 0 {
		return 0, 0, fearlessNoFile()
	}
	n, err = e.write(p)
	return n, 0, err
}
