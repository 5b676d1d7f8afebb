package schedtest

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/internal/atomicfile"
)

//go:embed all:_goroot strategy/*.go dpor/*.go
var sources embed.FS

// An AnchorError reports a declaration of the installed Go distribution that
// is not as this version of fearless knows it.
type AnchorError struct {
	Version string // as in "go1.26.8"
	File    string // below GOROOT/src
	Decl    string // the function or type
	Problem string
}

func (e *AnchorError) Error() string {
	if strings.HasPrefix(e.Problem, unreadable) && version.Compare(e.Version, runtime.Version()) > 0 {
		return fmt.Sprintf("%s cannot be read by a fearless built with %s: build it with %s (%s of %s %s)", e.Version, runtime.Version(), e.Version, e.Decl, e.File, e.Problem)
	}
	return fmt.Sprintf("%s is not supported: %s of %s %s; use Go 1.26 or 1.27, or a newer fearless", e.Version, e.Decl, e.File, e.Problem)
}

// unreadable begins the Problem of a file that this fearless cannot parse.
const unreadable = "cannot be read: "

// added lists the files of _goroot and of packages strategy and dpor that join a package
// of the distribution: their path there, and here.
func added() map[string]string {
	out := map[string]string{}
	fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		dir, file := path.Split(name)
		switch {
		case d.IsDir() || strings.HasSuffix(name, "_test.go"):
		case dir == "strategy/" || dir == "dpor/":
			out["runtime/fearless_"+strings.ReplaceAll(name, "/", "_")] = name
		default:
			dir = strings.TrimPrefix(dir, "_goroot/")
			out[dir+"fearless_"+file] = name
		}
		return nil
	})
	return out
}

// patchedGoroots are the results of patchGoroot, by its arguments: a distribution
// does not change while a process runs, and to read it takes longer than many a test.
var patchedGoroots sync.Map

func patched(goroot, version string) (map[string][]byte, error) {
	key := [2]string{goroot, version}
	if std, ok := patchedGoroots.Load(key); ok {
		return std.(map[string][]byte), nil
	}
	std, err := patchGoroot(goroot, version)
	if err == nil {
		patchedGoroots.Store(key, std)
	}
	return std, err
}

// patchGoroot returns the changed and added files of the distribution at
// goroot, by their path below GOROOT/src.
func patchGoroot(goroot, version string) (map[string][]byte, error) {
	src := filepath.Join(goroot, "src")
	files := map[string][]byte{}
	byFile := map[string][]patch{}
	for _, p := range patches {
		byFile[p.file] = append(byFile[p.file], p)
	}
	for file, ps := range byFile {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(file)))
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, &AnchorError{version, file, ps[0].decl, "is missing"}
			}
			return nil, fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		out, err := apply(file, text, ps)
		if err != nil {
			if e, ok := errors.AsType[*AnchorError](err); ok {
				e.Version = version
			}
			return nil, err
		}
		files[file] = out
	}
	if err := patchAtomic(src, version, files); err != nil {
		return nil, err
	}
	if err := patchRace(src, version, files); err != nil {
		return nil, err
	}
	for name, from := range added() {
		text, err := sources.ReadFile(from)
		if err != nil {
			return nil, err
		}
		if dir, _, _ := strings.Cut(from, "/"); dir != "_goroot" {
			clause := []byte("\npackage " + dir + "\n")
			text = bytes.Replace(append([]byte("\n"), text...), clause, []byte("\npackage runtime\n"), 1)
		}
		if name == "sync/atomic/fearless_point.go" {
			text = append(text, files["sync/atomic/"]...)
		}
		files[name] = text
	}
	delete(files, "sync/atomic/")
	return files, collisions(src, version, files)
}

// overlayFile is the format of go build's -overlay.
type overlayFile struct{ Replace map[string]string }

// writeOverlay writes the files of the distribution, and more (by the absolute
// path each replaces), below dir, and an overlay file that names them all. It
// returns that file's path.
func writeOverlay(dir, goroot string, std map[string][]byte, more map[string][]byte, theirs map[string]string) (string, error) {
	o := overlayFile{Replace: maps.Clone(theirs)}
	if o.Replace == nil {
		o.Replace = map[string]string{}
	}
	put := func(target string, text []byte) error {
		sum := sha256.Sum256(text)
		name := filepath.Join(dir, "files", hex.EncodeToString(sum[:10])+".go")
		if old, ok := o.Replace[target]; ok {
			return fmt.Errorf("the -overlay in GOFLAGS replaces %s by %s, which fearless must change itself: leave that file out of it", target, old)
		}
		o.Replace[target] = name
		return writeOnce(name, text)
	}
	for _, name := range slices.Sorted(maps.Keys(std)) {
		if err := put(filepath.Join(goroot, "src", filepath.FromSlash(name)), std[name]); err != nil {
			return "", err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if err := put(name, more[name]); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	name := filepath.Join(dir, "overlays", hex.EncodeToString(sum[:10])+".json")
	return name, writeOnce(name, text)
}

// writeOnce writes text to name unless it is there. Several processes may do so at once.
func writeOnce(name string, text []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := atomicfile.Write(name, text); err != nil {
		return fmt.Errorf("cannot write the overlay: %w", err)
	}
	return nil
}
