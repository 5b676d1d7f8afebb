package tour

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless"
)

// A workshop is where programs are compiled and run. The library is the same for
// every tour, at the same place, so that it is compiled once and not each time;
// dir has a folder for each run, until its end.
type workshop struct{ dir, library string }

// A NoGoError says that the go command is missing or too old.
type NoGoError struct{ Found string }

func (e *NoGoError) Error() string {
	return "the tour compiles what is in its editor, and " + e.Found + ": install Go 1.26 or later and put its bin folder on the PATH; \"fearless tour\" without -http needs none"
}

//go:embed stand program
var workshopFiles embed.FS

// The modules that the library imports, as far as it needs them: see stand/.
const moduleFile = `module tour

go 1.26

require (
	github.com/fearless-go/fearless v0.0.0
	github.com/petermattis/goid v0.0.0
	golang.org/x/sys v0.0.0
)

replace (
	github.com/fearless-go/fearless => %[1]s
	github.com/petermattis/goid => %[2]s
	golang.org/x/sys => %[3]s
)
`

func newWorkshop(ctx context.Context) (_ *workshop, err error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, &NoGoError{"there is no go command here"}
	}
	dir, err := os.MkdirTemp("", "fearless-tour-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir}
	defer func() {
		if err != nil {
			w.remove()
		}
	}()
	if w.dir, err = filepath.EvalSymlinks(dir); err != nil { // as the go command will call it
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION")
	cmd.Dir, cmd.Env = w.dir, w.environment(w.dir)
	out, err := cmd.Output()
	if found := strings.TrimSpace(string(out)); err != nil || version.Compare(found, "go1.26") < 0 {
		return nil, &NoGoError{"the go command here is " + strings.TrimSpace(found+" "+errorText(err))}
	}
	if w.library, err = installed(); err != nil {
		return nil, err
	}
	return w, nil
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return "(" + err.Error() + ")"
}

// libraryFiles are the library, without its tests, and the stand-ins for what it
// imports, by name.
func libraryFiles() (map[string]string, error) {
	files := map[string]string{
		"fearless/go.mod": "module " + library + "\n\ngo 1.26\n\nrequire (\n\tgithub.com/petermattis/goid v0.0.0\n\tgolang.org/x/sys v0.0.0\n)\n",
		"goid/go.mod":     "module github.com/petermattis/goid\n\ngo 1.26\n",
		"sys/go.mod":      "module golang.org/x/sys\n\ngo 1.26\n",
	}
	collect := func(from fs.FS, root string, rename func(string) string) error {
		return fs.WalkDir(from, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
				return err
			}
			data, err := fs.ReadFile(from, name)
			files[rename(name)] = string(data)
			return err
		})
	}
	return files, errors.Join(
		collect(fearless.Source(), ".", func(name string) string { return "fearless/" + name }),
		// The stand-ins are embedded as text: they are no packages of this module.
		collect(workshopFiles, "stand", func(name string) string {
			return strings.TrimPrefix(strings.TrimSuffix(name, ".txt"), "stand/")
		}))
}

// installed returns the folder of the library, which it makes where that is
// missing or has been changed. Its name follows from its content.
func installed() (string, error) {
	files, err := libraryFiles()
	if err != nil {
		return "", err
	}
	names, sum := slices.Sorted(maps.Keys(files)), sha256.New()
	for _, name := range names {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(files[name]), files[name])
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // nobody has a home here
	}
	dir := filepath.Join(cache, "fearless-tour", hex.EncodeToString(sum.Sum(nil)[:8]))
	if same(dir, files) {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh) // where it could not be put in its place
	for _, name := range names {
		if err := write(filepath.Join(fresh, filepath.FromSlash(name)), files[name]); err != nil {
			return "", err
		}
	}
	// Another tour may be at the same: then either is as good.
	if err := os.Rename(fresh, dir); err == nil || same(dir, files) {
		return dir, nil
	}
	if err := os.RemoveAll(dir); err != nil { // it was changed, or written in part
		return "", err
	}
	return dir, os.Rename(fresh, dir)
}

// same reports whether dir has the files.
func same(dir string, files map[string]string) bool {
	for name, text := range files {
		if data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil || string(data) != text {
			return false
		}
	}
	return true
}

const library = "github.com/fearless-go/fearless"

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o600)
}

func (w *workshop) remove() { _ = os.RemoveAll(w.dir) } // what is left is in the folder for temporary files

// bench makes a folder for one run of source, which belongs to a sheet. Its
// program is the file tour/main.go; the tests are for the checkers.
func (w *workshop) bench(s Sheet, source string) (dir string, err error) {
	if dir, err = os.MkdirTemp(w.dir, "run-"); err != nil {
		return "", err
	}
	module := filepath.Join(dir, "tour")
	files := map[string]string{
		"go.mod":       w.moduleFile(),
		"main.go":      source,
		"main_test.go": "package main\n\nimport \"testing\"\n\nfunc TestProgram(*testing.T) { main() }\n",
	}
	if slices.Contains(s.Tools, Model) {
		files["model_test.go"] = "package main\n\nimport (\n\t\"testing\"\n\n\t\"" + library + "/model\"\n)\n\nfunc TestEveryExecution(t *testing.T) { model.Check(t, main) }\n"
	}
	if s.Hidden != "" {
		files["hidden.go"] = s.Hidden
	}
	if s.helped {
		shared, err := sharedFiles(source)
		if err != nil {
			return dir, err
		}
		for name, text := range shared {
			files[name] = text
		}
	}
	for name, text := range files {
		if err := write(filepath.Join(module, name), text); err != nil {
			return dir, err
		}
	}
	return dir, os.Mkdir(filepath.Join(dir, "tmp"), 0o700)
}

// moduleFile is the go.mod of a program.
func (w *workshop) moduleFile() string {
	quoted := func(name string) string { return strconv.Quote(filepath.ToSlash(filepath.Join(w.library, name))) }
	return fmt.Sprintf(moduleFile, quoted("fearless"), quoted("goid"), quoted("sys"))
}

// sharedFiles are what the book's programs share, as files of package main. The
// one that asks the memory model takes long to compile, so only who uses it has it.
func sharedFiles(source string) (map[string]string, error) {
	files := map[string]string{}
	names := []string{"announced", "dbg", "lines", "pace", "rust", "stdout"}
	if strings.Contains(source, "explored(") {
		names = append(names, "litmus")
	}
	for _, name := range names {
		text, err := fs.ReadFile(fearless.Source(), "book/"+name+".go")
		if err != nil {
			return nil, err
		}
		files["book_"+name+".go"] = strings.Replace(string(text), "package book\n", "package main\n", 1)
	}
	text, err := workshopFiles.ReadFile("program/run.go.txt")
	files["book_run.go"] = string(text)
	return files, err
}

// environment is that of everything that runs for a bench, or for the workshop
// itself: nothing is downloaded, and temporary files are removed with dir.
func (w *workshop) environment(dir string) []string {
	tmp := filepath.Join(dir, "tmp")
	env := append(os.Environ(),
		"GOFLAGS=", "GOWORK=off", "GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "GO111MODULE=on", "GOOS=", "GOARCH=",
		"NO_COLOR=1", "TERM=dumb")
	if dir != w.dir {
		env = append(env, "TMPDIR="+tmp, "TMP="+tmp, "TEMP="+tmp)
	}
	return env
}
