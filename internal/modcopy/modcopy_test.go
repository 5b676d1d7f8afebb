package modcopy_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/modcopy"
)

func TestTree(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), t.TempDir()
	for name, mode := range map[string]fs.FileMode{"a.go": 0o444, "a_test.go": 0o444, "sub/run.sh": 0o555, ".git/config": 0o666} {
		name = filepath.Join(from, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.go", filepath.Join(from, "link.go")); err != nil {
		t.Log(err) // Windows wants a right for that
	}
	if err := modcopy.Tree(from, to, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := filepath.WalkDir(to, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(to, name)
			got = append(got, filepath.ToSlash(rel))
			err = os.WriteFile(name, nil, 0)
		}
		return err
	})
	if want := []string{"a.go", "sub/run.sh"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if err := modcopy.Tree(filepath.Join(from, "none"), to, modcopy.All); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestWhatCannotBeHad(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOFLAGS", "-modcacherw")
	for _, module := range []string{"example.test/none@v1.0.0", "no module", ""} {
		_, _, err := modcopy.Download(t.Context(), module)
		var d *modcopy.DownloadError
		if !errors.As(err, &d) || d.Module != module || d.Why == "" {
			t.Errorf("%q: %v", module, err)
		}
	}
}
