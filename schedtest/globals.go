package schedtest

import (
	"cmp"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"errors"
	"fmt"
	"go/token"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// globals are the package variables that the code under test can assign to: its own, and
// the exported ones of the distribution, as they lie in the memory of a test binary.
// A proof puts them back before each execution, and says which of them it cannot put
// back: see _goroot/runtime/prove_memory.go.
type globals struct {
	binary string
	user   []string // packages that are not the distribution's

	once    sync.Once
	err     error
	vars    []symbol // by address, counted from that of anchor
	named   []extent // where they lie; neighbours are one. Those of the distribution have negative sizes
	unnamed []extent // what has no name may back one of them: a slice's array, what a pointer points to
}

// anchor is a variable of the runtime that stands in every test binary of ours.
const anchor = "runtime.fearless"

type symbol struct {
	name     string
	at, size int64
	section  int
}

type extent struct{ at, size int64 }

// spans returns where the variables lie, and what has no name, as a job has it.
func (g *globals) spans() (named, unnamed string, err error) {
	g.once.Do(func() { g.err = g.read() })
	if g.err != nil {
		return "", "", g.err
	}
	text := func(list []extent) string {
		var b strings.Builder
		for _, s := range list {
			fmt.Fprintf(&b, " %d %d", s.at, s.size)
		}
		return b.String()
	}
	return text(g.named), text(g.unnamed), nil
}

// name is the variable that lies at an address.
func (g *globals) name(at int64) string {
	i, ok := slices.BinarySearchFunc(g.vars, at, func(s symbol, at int64) int { return cmp.Compare(s.at, at) })
	if !ok {
		i--
	}
	if i < 0 || i >= len(g.vars) {
		return ""
	}
	return strings.ReplaceAll(g.vars[i].name, "%2e", ".")
}

func (g *globals) read() error {
	all, err := readSymbols(g.binary)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b symbol) int { return cmp.Compare(a.at, b.at) })
	from := slices.IndexFunc(all, func(s symbol) bool { return s.name == anchor })
	if from < 0 {
		return errNoSymbols
	}
	base, end := all[from].at, int64(0)
	for i, s := range all {
		s.at -= base
		if s.size == 0 && i+1 < len(all) && all[i+1].section == s.section {
			s.size = all[i+1].at - base - s.at // not every format says it
		}
		if i == 0 || all[i-1].section != s.section {
			end = s.at
		}
		if gap := s.at - end; gap >= 8 {
			g.unnamed = append(g.unnamed, extent{end, gap})
		}
		end = max(end, s.at+s.size)
		own, theirs := g.owns(s.name)
		if s.size <= 0 || !own && !theirs {
			continue
		}
		g.vars = append(g.vars, s)
		if theirs {
			g.named = append(g.named, extent{s.at, -s.size})
			continue
		}
		if n := len(g.named); n > 0 && s.at == g.named[n-1].at+g.named[n-1].size {
			g.named[n-1].size += s.size
			continue
		}
		g.named = append(g.named, extent{s.at, s.size})
	}
	return nil
}

// owns reports whether a symbol is a variable of the code under test, or one of the
// distribution that it can assign to. The compiler's own, such as caches, begin with a dot.
func (g *globals) owns(name string) (own, theirs bool) {
	pkg := symbolPackage(name)
	if pkg == "" {
		return false, false
	}
	name = name[len(pkg)+1:]
	if slices.Contains(g.user, pkg) {
		return !strings.HasPrefix(name, "."), false
	}
	hidden := pkg == "internal" || strings.HasPrefix(pkg, "internal/") || strings.Contains(pkg, "/internal/")
	return false, !hidden && token.IsExported(name) && token.IsIdentifier(name)
}

// symbolPackage returns the import path in a symbol's name, with its dots escaped.
func symbolPackage(name string) string {
	path, _, _ := strings.Cut(name, "[")
	slash := strings.LastIndexByte(path, '/') + 1
	dot := strings.IndexByte(path[slash:], '.')
	if dot < 0 {
		return ""
	}
	return path[:slash+dot]
}

// errNoSymbols is what a binary without a symbol table is read as.
var errNoSymbols = errors.New("the test binary has no symbols")

// readSymbols reads the symbols of what can be written to in a binary.
func readSymbols(binary string) ([]symbol, error) {
	switch runtime.GOOS {
	case "darwin":
		return readMacho(binary)
	case "windows":
		return readPE(binary)
	}
	return readELF(binary)
}

func readELF(binary string) ([]symbol, error) {
	f, err := elf.Open(binary)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.Symbols()
	if errors.Is(err, elf.ErrNoSymbols) {
		return nil, errNoSymbols
	} else if err != nil {
		return nil, err
	}
	var out []symbol
	for _, s := range list {
		if int(s.Section) < len(f.Sections) && f.Sections[s.Section].Flags&elf.SHF_WRITE != 0 {
			out = append(out, symbol{s.Name, int64(s.Value), int64(s.Size), int(s.Section)})
		}
	}
	return out, nil
}

func readMacho(binary string) ([]symbol, error) {
	f, err := macho.Open(binary)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Symtab == nil {
		return nil, errNoSymbols
	}
	var out []symbol
	for _, s := range f.Symtab.Syms {
		if i := int(s.Sect) - 1; i >= 0 && i < len(f.Sections) && f.Sections[i].Seg == "__DATA" {
			out = append(out, symbol{strings.TrimPrefix(s.Name, "_"), int64(s.Value), 0, i})
		}
	}
	return out, nil
}

func readPE(binary string) ([]symbol, error) {
	f, err := pe.Open(binary)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []symbol
	for _, s := range f.Symbols {
		if i := int(s.SectionNumber) - 1; i >= 0 && i < len(f.Sections) && f.Sections[i].Characteristics&pe.IMAGE_SCN_MEM_WRITE != 0 {
			out = append(out, symbol{s.Name, int64(f.Sections[i].VirtualAddress) + int64(s.Value), 0, i})
		}
	}
	return out, nil
}
