package schedtest

import "strings"

// origin tells the user's own code from libraries, and both from the Go
// distribution below them.
type origin struct {
	goroot string
	own    string // import path of the package under test
	module string // path of its module, "" if unknown
	cache  string // the module cache, "" if unknown
}

// mine reports whether a frame is of the package under test or of its module:
// of code that the user wrote, rather than of a library.
func (o origin) mine(fn, file string) bool {
	pkg := packageOf(fn)
	if pkg == o.own || pkg == "command-line-arguments" {
		return true
	}
	if o.module == "" || pkg != o.module && !strings.HasPrefix(pkg, o.module+"/") {
		return false
	}
	// A library may have a longer path of its own, in the cache or vendored.
	return (o.cache == "" || !strings.HasPrefix(file, o.cache)) && !strings.Contains(file, "/vendor/")
}

// first returns the index of the innermost frame of the user's own code, or, if
// there is none, of any code but the distribution's, or -1. at returns the i-th
// of n frames.
func (o origin) first(n int, at func(i int) (fn, file string)) int {
	for _, wanted := range []func(fn, file string) bool{o.mine, o.user} {
		for i := range n {
			if wanted(at(i)) {
				return i
			}
		}
	}
	return -1
}

// user reports whether a frame is of the code under test.
func (o origin) user(fn, file string) bool {
	if strings.HasSuffix(file, "_test.go") {
		return true
	}
	pkg := packageOf(fn)
	switch pkg {
	case "runtime", "sync", "sync/atomic", "internal/sync", "testing":
		return false
	case o.own:
		return true
	}
	if o.goroot != "" && strings.HasPrefix(file, o.goroot+"/src/") {
		return false
	}
	// With -trimpath a file of the distribution has no folder of its own.
	first, _, _ := strings.Cut(pkg, "/")
	return strings.HasPrefix(file, "/") || strings.Contains(file, ":") || strings.Contains(first, ".")
}

// packageOf returns the import path in a function's full name.
func packageOf(fn string) string {
	slash := strings.LastIndexByte(fn, '/') + 1
	dot := strings.IndexByte(fn[slash:], '.')
	if dot < 0 {
		return fn
	}
	return strings.TrimSuffix(strings.ReplaceAll(fn[:slash+dot], "%2e", "."), "_test")
}
