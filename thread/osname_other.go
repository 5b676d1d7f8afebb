//go:build !linux

package thread

// setOSThreadName does nothing: only Linux shows names of threads that Go can set.
func setOSThreadName(string) {}
