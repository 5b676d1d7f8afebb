//go:build unix || windows

package net

import (
	"context"
	"internal/poll"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// fearlessOpen is socket for addresses that are in memory; ok is false for others.
func fearlessOpen(ctx context.Context, network string, family, sotype, proto int, v6only bool, laddr, raddr sockaddr, control func(context.Context, string, string, syscall.RawConn) error) (fd *netFD, err error, ok bool) {
	if !fearlessMemory || sotype != syscall.SOCK_STREAM || !fearlessOurs(laddr, raddr) {
		return nil, nil, false
	}
	fd = fearlessNewFD(family, sotype, network)
	var lsa, rsa syscall.Sockaddr
	if laddr != nil {
		if lsa, err = laddr.sockaddr(family); err != nil {
			return nil, err, true
		}
	}
	if raddr == nil {
		if err := fd.fearlessControl(ctx, proto, laddr, raddr, control); err != nil {
			return nil, err, true
		}
		if err := fd.fearlessListen(lsa, v6only); err != nil {
			return nil, err, true
		}
		return fd, nil, true
	}
	if rsa, err = raddr.sockaddr(family); err != nil {
		return nil, err, true
	}
	if _, unix := rsa.(*syscall.SockaddrUnix); !unix && fearlessElsewhere(rsa) {
		if fearlessNobody(family, proto, rsa) {
			return nil, os.NewSyscallError("connect", syscall.ECONNREFUSED), true
		}
		return nil, nil, false
	}
	if err := fd.fearlessControl(ctx, proto, laddr, raddr, control); err != nil {
		return nil, err, true
	}
	if err := fd.fearlessDial(ctx, lsa, rsa); err != nil {
		return nil, err, true
	}
	return fd, nil, true
}

// fearlessOurs reports whether a socket between these addresses is one of this
// machine alone.
func fearlessOurs(laddr, raddr sockaddr) bool {
	addr := raddr
	if raddr == nil {
		addr = laddr
	}
	if _, ok := addr.(*UnixAddr); ok {
		l, _ := laddr.(*UnixAddr)
		r, _ := raddr.(*UnixAddr)
		return fearlessUnixOurs(l, r)
	}
	a, ok := addr.(*TCPAddr)
	return ok && (a == nil || len(a.IP) == 0 || a.IP.IsUnspecified() || a.IP.IsLoopback())
}

// fearlessElsewhere reports whether rsa is of a server outside of this process, such as a
// database, or of none: nobody has ever listened at its port here. One at which
// somebody has is in memory for good, although a server outside could have it later. It is the scheduling point of a dial.
//
//go:norace
func fearlessElsewhere(rsa syscall.Sockaddr) bool {
	fearlessPoint(unsafe.Pointer(&fearlessNet))
	port := fearlessNameOf(rsa, true).port
	fearlessLock()
	defer fearlessUnlock()
	return fearlessNet.used[port/64]>>(port%64)&1 == 0
}

// fearlessNobody reports whether it is certain that nobody outside listens at rsa: its
// port can be taken. To find out by connecting would be to wait for the outside, and
// a server would notice.
func fearlessNobody(family, proto int, rsa syscall.Sockaddr) bool {
	s, err := sysSocket(family, syscall.SOCK_STREAM, proto)
	if err != nil {
		return false
	}
	defer poll.CloseFunc(s)
	return syscall.Bind(s, rsa) == nil
}

func fearlessNewFD(family, sotype int, network string) *netFD {
	fd := &netFD{family: family, sotype: sotype, net: network}
	fd.pfd.Sysfd-- // no file descriptor
	return fd
}

// fearlessControl calls the Control function of a dialer or listener with a
// socket of the system that nobody uses otherwise: what it sets is checked,
// and has no effect.
func (fd *netFD) fearlessControl(ctx context.Context, proto int, laddr, raddr sockaddr, control func(context.Context, string, string, syscall.RawConn) error) error {
	if control == nil {
		return nil
	}
	s, err := sysSocket(fd.family, fd.sotype, proto)
	if err != nil {
		return err
	}
	defer poll.CloseFunc(s)
	addr := laddr
	if raddr != nil {
		addr = raddr
	}
	real := &netFD{family: fd.family, sotype: fd.sotype, net: fd.net}
	real.pfd.Sysfd = s
	return control(ctx, fd.ctrlNetwork(), addr.String(), newRawConn(real))
}

// fearlessNameOf is the name of an address.
func fearlessNameOf(sa syscall.Sockaddr, v6only bool) *fearlessName {
	n := &fearlessName{network: 't'}
	switch sa := sa.(type) {
	case *syscall.SockaddrUnix:
		n.network = 'x'
		n.identify(sa.Name)
	case *syscall.SockaddrInet4:
		n.four, n.port = true, sa.Port
		copy(n.ip[:], sa.Addr[:])
		n.any = sa.Addr == [4]byte{}
	case *syscall.SockaddrInet6:
		n.port = sa.Port
		if IP(sa.Addr[:]).To4() != nil {
			n.four = true
			copy(n.ip[:], sa.Addr[12:])
			n.any = [4]byte(sa.Addr[12:]) == [4]byte{}
			break
		}
		n.ip = sa.Addr
		n.any = sa.Addr == [16]byte{}
		n.dual = !v6only
	}
	return n
}

// sockaddr is the address of n as a socket of a family has it.
func (n *fearlessName) sockaddr(family int) syscall.Sockaddr {
	if family == syscall.AF_UNIX {
		return &syscall.SockaddrUnix{Name: n.path} // of the end that dials
	}
	if family == syscall.AF_INET {
		return &syscall.SockaddrInet4{Port: n.port, Addr: [4]byte(n.ip[:4])}
	}
	sa := &syscall.SockaddrInet6{Port: n.port, Addr: n.ip}
	if n.four {
		copy(sa.Addr[:], v4InV6Prefix)
		copy(sa.Addr[12:], n.ip[:4])
	}
	return sa
}

// fearlessListen makes fd a listener at the address lsa.
func (fd *netFD) fearlessListen(lsa syscall.Sockaddr, v6only bool) error {
	fearlessPoint(unsafe.Pointer(&fearlessNet))
	n := fearlessNameOf(lsa, v6only)
	l := &fearlessListener{name: n, family: fd.family, sotype: fd.sotype, network: fd.net}
	n.listener = l
	if unix, ok := lsa.(*syscall.SockaddrUnix); ok {
		if err := fd.fearlessBindFile(lsa, unix.Name); err != nil {
			return err
		}
		n.identify(unix.Name)
		l.text = unix.Name
	}
	fearlessLock()
	err := n.take()
	fearlessUnlock()
	if err != nil {
		return os.NewSyscallError("bind", err)
	}
	fearlessListens()
	fd.fearless = l
	if n.network != 'x' {
		lsa = n.sockaddr(fd.family)
	}
	fd.setAddr(fd.addrFunc()(lsa), nil)
	l.text = fd.laddr.String()
	return nil
}

// fearlessDial connects fd from the address lsa, which may be nil, to rsa.
func (fd *netFD) fearlessDial(ctx context.Context, lsa, rsa syscall.Sockaddr) error {
	to := fearlessNameOf(rsa, true)
	if to.any {
		// To no address is to this machine.
		to.any, to.ip = false, [16]byte{15: 1}
		if to.four {
			to.ip = [16]byte{127, 0, 0, 1}
		}
	}
	from, bind := to.from(), false
	switch own := lsa.(type) {
	case nil:
	case *syscall.SockaddrUnix:
		if err := fd.fearlessBindFile(lsa, own.Name); err != nil {
			return err
		}
		from.path = own.Name
	default:
		if n := fearlessNameOf(own, true); !n.any {
			from = n
		} else {
			from.port = n.port
		}
		bind = from.port != 0
	}
	if to.network != 'x' {
		rsa = to.sockaddr(fd.family)
	}
	end, met, err := fd.fearlessMeet(ctx, from, to, rsa, bind)
	if err != nil {
		return err
	}
	if to.network == 'x' {
		rsa = met // which is not always what was dialed
	}
	fd.isConnected = true
	fd.fearless = end
	fd.setAddr(fd.addrFunc()(from.sockaddr(fd.family)), fd.addrFunc()(rsa))
	return nil
}

// from is the address from which the system dials n if nothing else is asked for.
func (n *fearlessName) from() *fearlessName {
	f := &fearlessName{network: n.network, four: n.four, ip: n.ip}
	switch {
	case n.network == 'x' && runtime.GOOS == "linux":
		f.path = "@" // as the system says of a socket without a name
	case n.four:
		f.ip = [16]byte{127, 0, 0, 1} // for all of 127.0.0.0/8
	}
	return f
}

// fearlessMeet puts a connection in the queue of the listener at to, and
// returns its other end, and the address that the accepted one has.
//
//go:norace
func (fd *netFD) fearlessMeet(ctx context.Context, from, to *fearlessName, rsa syscall.Sockaddr, bind bool) (*fearlessEnd, syscall.Sockaddr, error) {
	local, remote := "", fd.addrFunc()(rsa).String()
	fearlessLock()
	found := fearlessFind(to)
	for found != nil && found.listener.waiting >= fearlessBacklog {
		fearlessUnlock()
		if err := found.listener.awaitRoom(ctx, "dial "+remote+", where too many connections wait to be accepted"); err != nil {
			return nil, nil, err
		}
		fearlessLock()
		found = fearlessFind(to)
	}
	defer fearlessUnlock()
	if bind {
		if err := from.take(); err != nil {
			return nil, nil, os.NewSyscallError("bind", err)
		}
	} else if from.network != 'x' {
		for from.port = fearlessNextPort(); from.taken(); {
			from.port = fearlessNextPort()
		}
	}
	if found == nil {
		if bind {
			from.forget()
		}
		return nil, nil, os.NewSyscallError("connect", syscall.ECONNREFUSED)
	}
	l := found.listener
	local = fd.addrFunc()(from.sockaddr(fd.family)).String()
	p := fearlessConnect(to.network == 'x', local, remote)
	if bind {
		p.ends[0].bound = from
	}
	a := &fearlessArrival{end: &p.ends[1], local: l.local(to), remote: from.sockaddr(l.family)}
	l.arrive(a)
	return &p.ends[0], a.local, nil
}
