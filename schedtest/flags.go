package schedtest

import (
	"slices"
	"strings"
)

// flags are those of the go command that every list and every build gets.
func (b *builder) flags() []string {
	var flags []string
	if !b.linkerFlags() && b.opts.Debug == nil {
		// Nothing reads what the linker writes for a debugger, which takes a while.
		flags = append(flags, "-ldflags=-w")
	}
	if b.opts.Race {
		flags = append(flags, "-race")
	}
	if b.opts.Cover {
		flags = append(flags, "-cover")
	}
	if b.opts.Tags != "" {
		flags = append(flags, "-tags="+b.opts.Tags)
	}
	if b.opts.Debug != nil && !b.compilerFlags() {
		flags = append(flags, "-gcflags=-N -l") // of the packages under test only
	}
	return append(flags, b.opts.BuildFlags...)
}

// linkerFlags reports whether the user asks for flags of the linker: ours would
// be in place of those.
func (b *builder) linkerFlags() bool { return b.asked("ldflags") }

// compilerFlags reports whether the user asks for flags of the compiler.
func (b *builder) compilerFlags() bool { return b.asked("gcflags") }

func (b *builder) asked(flag string) bool {
	return strings.Contains(b.env.GOFLAGS, flag) || slices.ContainsFunc(b.opts.BuildFlags, func(f string) bool {
		return strings.HasPrefix(strings.TrimLeft(f, "-"), flag)
	})
}
