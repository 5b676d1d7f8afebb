package schedtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A module is a dependency, as go list has it.
type module struct {
	Path, Version, Dir, GoMod string
}

// cached reports whether dir is in the module cache.
func (b *builder) cached(dir string) bool {
	return b.env.GOMODCACHE != "" && strings.HasPrefix(dir, b.env.GOMODCACHE+string(filepath.Separator))
}

// outside gives dir, which is in the module cache, another name outside of it:
// no overlay may replace files there.
func (b *builder) outside(dir string) (string, error) {
	rel, err := filepath.Rel(b.env.GOMODCACHE, dir)
	if err != nil {
		return "", err
	}
	// go work edit takes what follows an @ for a version, of a folder too.
	link := filepath.Join(b.cache, "modules", strings.ReplaceAll(rel, "@", string(filepath.Separator)))
	if to, err := os.Readlink(link); err == nil && to == dir {
		return link, nil
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o777); err != nil {
		return "", err
	}
	os.Remove(link)
	if err := os.Symlink(dir, link); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return link, nil
}

// takeOut makes the build take modules of the module cache from outside of it,
// by replace directives in the go.mod or go.work, and adds that file to overlay.
// The modules go by their names outside.
func (b *builder) takeOut(ctx context.Context, modules map[string]module, overlay map[string][]byte) error {
	if len(modules) == 0 {
		return nil
	}
	command, file := "work", b.env.GOWORK
	if file == "" || file == "off" {
		command, file = "mod", b.modFile()
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("cannot read what the dependencies are: %w", err)
	}
	tmp, err := os.CreateTemp("", "fearless-*."+command)
	if err != nil {
		return fmt.Errorf("cannot change a copy of %s: %w", file, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("cannot change a copy of %s: %w", file, err)
	}
	args := []string{command, "edit"}
	for _, link := range slices.Sorted(maps.Keys(modules)) {
		m := modules[link]
		args = append(args, fmt.Sprintf("-replace=%s@%s=%s", m.Path, m.Version, link))
		if _, err := os.Stat(filepath.Join(m.Dir, "go.mod")); err != nil {
			// A module from before there were any; the go command made one up.
			if overlay[filepath.Join(link, "go.mod")], err = os.ReadFile(m.GoMod); err != nil {
				return fmt.Errorf("cannot read the go.mod of %s: %w", m.Path, err)
			}
		}
	}
	if _, err := b.goCommand(ctx, append(args, tmp.Name())...); err != nil {
		return err
	}
	overlay[file], err = os.ReadFile(tmp.Name())
	return err
}

// modFile is the go.mod in use.
func (b *builder) modFile() string {
	file := b.env.GOMOD
	if v := b.flag("modfile"); v != "" {
		file = b.abs(v)
	}
	return file
}

// flag returns the value of a flag of the go command, "" if it is not set.
func (b *builder) flag(name string) (value string) {
	for _, f := range append(strings.Fields(b.env.GOFLAGS), b.opts.BuildFlags...) {
		if v, ok := strings.CutPrefix(strings.TrimLeft(f, "-"), name+"="); ok {
			value = v
		}
	}
	return value
}

// abs makes a name absolute, as seen from the folder of the tests.
func (b *builder) abs(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	dir, err := filepath.Abs(b.opts.Dir)
	if err != nil {
		return name
	}
	return filepath.Join(dir, name)
}
