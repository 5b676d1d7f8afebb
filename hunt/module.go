package main

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A Module is a line of a list of modules.
type Module struct {
	Kind    string `json:"kind,omitempty"` // what sort of software it is
	Path    string `json:"module"`         // a module's path, or a folder: "./service"
	Version string `json:"version,omitempty"`
}

// IsFolder reports whether the module lies in a folder of this machine, and is
// not to be fetched.
func (m Module) IsFolder() bool {
	return strings.HasPrefix(m.Path, "./") || strings.HasPrefix(m.Path, "../") || filepath.IsAbs(m.Path)
}

// String is module@version, as the go command writes it.
func (m Module) String() string {
	if m.Version == "" {
		return m.Path
	}
	return m.Path + "@" + m.Version
}

// Half is 0 or 1: the tools are mended on what they say of one half, and held
// against the other.
func (m Module) Half() int {
	h := fnv.New64a()
	io.WriteString(h, m.Path)
	return int(h.Sum64() & 1)
}

// File is the name of the file of its results.
func (m Module) File() string {
	return strings.NewReplacer("/", "_", "\\", "_", ":", "_").Replace(strings.TrimLeft(m.String(), "./")) + ".json"
}

// parseModule reads "path@version", "path" (its latest version) or a folder.
func parseModule(s string) (Module, error) {
	path, version, _ := strings.Cut(s, "@")
	m := Module{Path: path, Version: version}
	if m.IsFolder() {
		return Module{Path: s}, nil
	}
	if path == "" || strings.ContainsAny(s, " \t") {
		return Module{}, fmt.Errorf("%q is no module: write path@version, or a folder that begins with ./", s)
	}
	if version == "" {
		m.Version = "latest"
	}
	return m, nil
}

// readModules reads a list: a line has kind, module and version between tabs,
// or only module@version; what follows a # is a comment.
func readModules(name string) ([]Module, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the list of modules cannot be read (-modules FILE names another): %w", err)
	}
	defer f.Close()
	var list []Module
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(text) == "" {
			continue
		}
		fields := strings.Split(strings.TrimSpace(text), "\t")
		var m Module
		switch len(fields) {
		case 1:
			m, err = parseModule(fields[0])
		case 3:
			m, err = parseModule(fields[1] + "@" + fields[2])
			m.Kind = fields[0]
		default:
			err = fmt.Errorf("%d fields", len(fields))
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: a line is module@version, or kind, module and version between tabs: %w", name, n, err)
		}
		list = append(list, m)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s names no module", name)
	}
	return list, nil
}
