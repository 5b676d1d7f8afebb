package cluster

import (
	"fmt"
	"runtime"
	"strings"
)

// protocol is the version of what stands in the messages.
const protocol = 2

// System names what a worker has to be to run a binary: the operating system and
// architecture, the version of the messages and that of fearless, as a word
// that can be part of a subject.
func System(version string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '+':
			return r
		}
		return '_'
	}, version)
	return fmt.Sprintf("%s-%s-p%d-%s", runtime.GOOS, runtime.GOARCH, protocol, strings.ReplaceAll(word, "+", "_"))
}
