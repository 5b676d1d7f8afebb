//go:build unix || windows

package net

// fearlessHost returns the addresses of a name that is this machine's
// everywhere, or nil. The name is not looked for in files, which differ.
func fearlessHost(host string) []IPAddr {
	const name = "localhost"
	if n := len(host); n > 0 && host[n-1] == '.' {
		host = host[:n-1]
	}
	if !fearlessMemory || len(host) != len(name) {
		return nil
	}
	for i := range len(name) {
		if lowerASCII(host[i]) != name[i] {
			return nil
		}
	}
	return []IPAddr{{IP: IPv4(127, 0, 0, 1)}, {IP: IPv6loopback}}
}
