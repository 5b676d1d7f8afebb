package testlog

import _ "unsafe" // for go:linkname

// fearlessAsked is what the program has asked the outside for: "env NAME",
// "env *" for all variables, "file NAME". One that is full has no room for more.
var (
	fearlessAsked [512]string
	fearlessAsks  int
)

// FearlessAsk notes that the program asks for name, of a kind. The race detector is not to
// see it, for goroutines that ask are not ordered by that.
//
//go:norace
func FearlessAsk(kind, name string) {
	for i := 0; i < fearlessAsks; i++ {
		if a := fearlessAsked[i]; len(a) == len(kind)+len(name) && a[:len(kind)] == kind && a[len(kind):] == name {
			return
		}
	}
	if fearlessAsks < len(fearlessAsked) {
		fearlessAsked[fearlessAsks] = kind + name
		fearlessAsks++
	}
}

// fearlessAll returns what was asked for, and whether that is all.
//
//go:linkname fearlessAll testing.fearlessAsked
func fearlessAll() (list []string, all bool) {
	return fearlessAsked[:fearlessAsks], fearlessAsks < len(fearlessAsked)
}
