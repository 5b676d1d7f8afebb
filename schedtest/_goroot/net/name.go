//go:build unix || windows

package net

import "syscall"

// A fearlessName is an address that a socket has taken, with its port, or the
// path of a unix socket.
type fearlessName struct {
	network  byte // 't' for TCP, 'u' for UDP, 'x' for a unix socket
	ip       [16]byte
	four     bool // IPv4
	any      bool // every address of its family
	dual     bool // and of IPv4, if it is IPv6
	port     int
	path     string    // of a unix socket, if it is abstract
	file     [2]uint64 // of another one: which file it is
	own      uint64    // the iteration that it is of, or 0
	listener *fearlessListener
	next     *fearlessName
}

// fearlessNet is what there is of names. Its address stands for all of them
// in scheduling points.
var fearlessNet struct {
	names     [256]*fearlessName   // by port
	iteration uint64               // of the names
	port      int                  // the next one to give away, less fearlessFirstPort
	used      [1 << 16 / 64]uint64 // ports at which somebody has listened in this process
	breaks    int                  // connections that a fault has reset
}

// Ports for those who ask for none: all have five digits, so that texts
// with them have the same length in all schedules.
const (
	fearlessFirstPort = 20_000
	fearlessPorts     = 40_000
)

// fearlessRenew forgets the names of iterations that are over: their
// goroutines do not run any more. Where the ports of the new one begin comes
// from its seed. So it gets the same ports in each replay, and others
// than the iteration before it, of which a program may still know some.
//
//go:norace
func fearlessRenew() {
	_, current, seed := fearlessIteration()
	if current == fearlessNet.iteration {
		return
	}
	fearlessNet.iteration, fearlessNet.breaks = current, 0
	fearlessNet.port = int((seed^seed>>32)%fearlessPorts) * 4_001 % fearlessPorts
	for i := range fearlessNet.names {
		for at := &fearlessNet.names[i]; *at != nil; {
			if n := *at; n.own != 0 && n.own != current {
				*at = n.next
			} else {
				at = &n.next
			}
		}
	}
}

// take registers n. A port of 0 gets one that is free.
//
//go:norace
func (n *fearlessName) take() error {
	fearlessRenew()
	own, _, _ := fearlessIteration()
	n.own = own
	if n.port == 0 && n.network != 'x' {
		for range fearlessPorts {
			n.port = fearlessNextPort()
			if !n.taken() {
				break
			}
			n.port = 0
		}
		if n.port == 0 {
			return syscall.EADDRINUSE
		}
	} else if n.file == [2]uint64{} && n.taken() {
		// Of a file the system has said so.
		return syscall.EADDRINUSE
	}
	if n.listener != nil && n.network == 't' {
		fearlessNet.used[n.port/64] |= 1 << (n.port % 64)
	}
	bucket := n.bucket()
	n.next, *bucket = *bucket, n
	return nil
}

//go:norace
func fearlessNextPort() int {
	port := fearlessFirstPort + fearlessNet.port
	fearlessNet.port = (fearlessNet.port + 1) % fearlessPorts
	return port
}

//go:norace
func (n *fearlessName) bucket() **fearlessName {
	return &fearlessNet.names[n.port%len(fearlessNet.names)]
}

//go:norace
func (n *fearlessName) taken() bool {
	for m := *n.bucket(); m != nil; m = m.next {
		if m.alike(n) {
			return true
		}
	}
	return false
}

// alike reports whether a socket at n and one at m could be met at the same address.
//
//go:norace
func (n *fearlessName) alike(m *fearlessName) bool {
	return n.network == m.network && n.port == m.port && n.path == m.path && n.file == m.file && n.overlaps(m)
}

// overlaps reports whether there is an address that both stand for.
//
//go:norace
func (n *fearlessName) overlaps(m *fearlessName) bool {
	if n.four != m.four {
		six := n
		if n.four {
			six = m
		}
		return six.any && six.dual
	}
	return n.any || m.any || n.ip == m.ip
}

// forget gives the name back.
//
//go:norace
func (n *fearlessName) forget() {
	if n == nil {
		return
	}
	for at := n.bucket(); *at != nil; at = &(*at).next {
		if *at == n {
			*at = n.next
			return
		}
	}
}

// fearlessFind returns the name that a message to n arrives at, or nil.
//
//go:norace
func fearlessFind(n *fearlessName) *fearlessName {
	fearlessRenew()
	var found *fearlessName
	for m := *n.bucket(); m != nil; m = m.next {
		if m.listener == nil || !m.alike(n) {
			continue
		}
		if found == nil || found.any && !m.any || found.dual && !m.dual {
			found = m
		}
	}
	return found
}
