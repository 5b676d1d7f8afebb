package syscall

import _ "unsafe" // for go:linkname

// fearlessAsks notes a system call of which the scheduler is not told; see package
// runtime. It is called in the child of a fork, too, where only memory may be touched.
//
//go:linkname fearlessAsks runtime.fearlessProveSyscall
//go:nosplit
func fearlessAsks()
