package schedtest

import "strings"

// netPatches send the methods of package net's sockets to the network in
// memory, for those that are there: see _goroot/net/network.go. Each is at the
// opening brace of its function.
var netPatches = []struct{ file, decl, text string }{
	{"fd_posix.go", "netFD.Close", "\n\tif fd.fearless != nil {\n\t\truntime.SetFinalizer(fd, nil)\n\t\treturn fd.fearless.close()\n\t}"},
	{"fd_posix.go", "netFD.shutdown", inMemory("fd", `wrapSyscallError("shutdown", fd.fearless.shutdown(how))`)},
	{"fd_posix.go", "netFD.Read", "\n\tif fd.fearless != nil {\n\t\tn, err = fd.fearless.read(p)\n\t\truntime.KeepAlive(fd)\n\t\treturn n, wrapSyscallError(readSyscallName, err)\n\t}"},
	{"fd_posix.go", "netFD.Write", "\n\tif fd.fearless != nil {\n\t\tnn, err = fd.fearless.write(p)\n\t\truntime.KeepAlive(fd)\n\t\treturn nn, wrapSyscallError(writeSyscallName, err)\n\t}"},
	{"fd_posix.go", "netFD.readFrom", "\n\tif fd.fearless != nil {\n\t\tn, _, sa, err = fd.fearless.readMsg(p, nil)\n\t\truntime.KeepAlive(fd)\n\t\treturn n, sa, wrapSyscallError(readFromSyscallName, err)\n\t}"},
	{"fd_posix.go", "netFD.readMsg", "\n\tif fd.fearless != nil {\n\t\tn, oobn, sa, err = fd.fearless.readMsg(p, oob)\n\t\truntime.KeepAlive(fd)\n\t\treturn n, oobn, 0, sa, wrapSyscallError(readMsgSyscallName, err)\n\t}"},
	{"fd_posix.go", "netFD.writeMsg", "\n\tif fd.fearless != nil {\n\t\tn, oobn, err = fd.fearless.writeMsg(p, oob, sa)\n\t\truntime.KeepAlive(fd)\n\t\treturn n, oobn, wrapSyscallError(writeMsgSyscallName, err)\n\t}"},
	{"fd_posix.go", "netFD.SetDeadline", inMemory("fd", "fd.fearless.setDeadline(t, 'r'+'w')")},
	{"fd_posix.go", "netFD.SetReadDeadline", inMemory("fd", "fd.fearless.setDeadline(t, 'r')")},
	{"fd_posix.go", "netFD.SetWriteDeadline", inMemory("fd", "fd.fearless.setDeadline(t, 'w')")},
	{"fd_unix.go", "netFD.accept", acceptInMemory},
	{"fd_unix.go", "netFD.dup", inMemory("fd", "nil, fearlessNoFile()")},
	{"fd_windows.go", "netFD.accept", acceptInMemory},
	{"fd_windows.go", "netFD.dup", inMemory("fd", "nil, fearlessNoFile()")},

	{"sock_posix.go", "socket", "\n\tif fd, err, ok := fearlessOpen(ctx, net, family, sotype, proto, ipv6only, laddr, raddr, ctrlCtxFn); ok {\n\t\treturn fd, err\n\t}"},
	{"ipsock_posix.go", "ipStackCapabilities.probe", "\n\tif fearlessMemory {\n\t\tp.ipv4Enabled, p.ipv6Enabled, p.ipv4MappedIPv6Enabled = true, true, true\n\t\treturn\n\t}"},

	{"lookup.go", "Resolver.lookupIPAddr", "\n\tif addrs := fearlessHost(host); addrs != nil {\n\t\treturn addrs, nil\n\t}"},
	{"lookup.go", "Resolver.LookupHost", "\n\tfor _, a := range fearlessHost(host) {\n\t\taddrs = append(addrs, a.String())\n\t}\n\tif addrs != nil {\n\t\treturn addrs, nil\n\t}"},

	{"tcpsock.go", "TCPConn.SyscallConn", noFile("c")},
	{"tcpsock.go", "TCPListener.SyscallConn", noFile("l")},
	{"unixsock.go", "UnixConn.SyscallConn", noFile("c")},
	{"unixsock.go", "UnixListener.SyscallConn", noFile("l")},
	{"tcpsock_posix.go", "TCPConn.readFrom", inMemory("c.fd", "genericReadFrom(c, r)")},
	{"tcpsock_posix.go", "TCPConn.writeTo", inMemory("c.fd", "genericWriteTo(c, w)")},
	{"sendfile.go", "sendFile", inMemory("c", "0, nil, false")},
	{"mptcpsock_linux.go", "isUsingMultipathTCP", inMemory("fd", "false")},
	{"writev_unix.go", "netFD.writeBuffers", "\n\tif fd.fearless != nil {\n\t\tn, err = fearlessWriteBuffers(fd.fearless, v)\n\t\truntime.KeepAlive(fd)\n\t\treturn n, wrapSyscallError(\"writev\", err)\n\t}"},

	{"sockopt_posix.go", "setReadBuffer", option("fearlessReadBuffer", "bytes")},
	{"sockopt_posix.go", "setWriteBuffer", option("fearlessWriteBuffer", "bytes")},
	{"sockopt_posix.go", "setKeepAlive", option("fearlessOtherOption", "0")},
	{"sockopt_posix.go", "setLinger", option("fearlessLinger", "sec")},
	{"tcpsockopt_posix.go", "setNoDelay", option("fearlessOtherOption", "0")},
}

// acceptInMemory keeps the listener from being closed while it is waited for.
const acceptInMemory = "\n\tif fd.fearless != nil {\n\t\tnew, err := fd.fearless.accept()\n\t\truntime.KeepAlive(fd)\n\t\treturn new, err\n\t}"

// inMemory has a function return result if the socket fd is in memory.
func inMemory(fd, result string) string {
	return "\n\tif " + fd + ".fearless != nil {\n\t\treturn " + result + "\n\t}"
}

func noFile(conn string) string {
	return "\n\tif " + conn + ".ok() && " + conn + ".fd.fearless != nil {\n\t\treturn nil, fearlessNoFile()\n\t}"
}

func option(name, value string) string {
	return inMemory("fd", `wrapSyscallError("setsockopt", fd.fearless.option(`+name+", "+value+"))")
}

func init() {
	for _, p := range netPatches {
		patches = append(patches, patch{"net/" + p.file, p.decl, "", after, p.text})
	}
	for _, os := range strings.Fields("unix darwin windows") {
		for _, what := range strings.Fields("Idle Interval Count") {
			patches = append(patches, patch{"net/tcpsockopt_" + os + ".go", "setKeepAlive" + what, "", after, option("fearlessOtherOption", "0")})
		}
	}
	patches = append(patches,
		patch{"os/exec.go", "StartProcess", "", after, "\n\tfearlessStarts()"},
		patch{"net/fd_posix.go", "type netFD", "", before, "\n\tfearless fearlessSocket // set if it is in memory\n"},
		// Between a connection in memory and one that is not, nothing is spliced.
		patch{"net/splice_linux.go", "spliceFrom", "\twritten, handled, err = pollSplice(", before, "\tif c.fearless != nil || s.fearless != nil {\n\t\treturn 0, nil, false\n\t}\n"},
		patch{"net/splice_linux.go", "spliceTo", "\twritten, handled, err = pollSplice(", before, "\tif c.fearless != nil || uc.fd.fearless != nil {\n\t\treturn 0, nil, false\n\t}\n"},
		patch{"runtime/netpoll.go", "poll_runtime_pollWait", "", after, "\n\tif mode == fearlessNetWaits {\n\t\tfearlessNetWait((*fearlessNetWaiter)(unsafe.Pointer(pd)))\n\t\treturn pollNoError\n\t}"},
		patch{"runtime/traceback.go", "goroutineheader", "gp.waitreason.String()", instead, "fearlessStatus(gp)"},
	)
}
