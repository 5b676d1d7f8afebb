package atomicfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/internal/atomicfile"
)

func TestAReaderFindsAWholeFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is read cannot be replaced there, as Write says")
	}
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	text := func(c byte) []byte { return bytes.Repeat([]byte{c}, 1<<16) }
	if err := atomicfile.Write(name, text('a')); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for _, c := range []byte("bc") {
		writers.Go(func() {
			for range 50 {
				if err := atomicfile.Write(name, text(c)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 100 {
		got, err := os.ReadFile(name)
		if err != nil || len(got) != 1<<16 || !bytes.Equal(got, text(got[0])) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	writers.Wait()
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 1 {
		t.Errorf("in the folder are %v, %v", left, err)
	}
}

func TestNothingIsLeftOfAWriteThatFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := atomicfile.Write(filepath.Join(dir, "none", "file"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
	name := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(name, "in it"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(name, []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("in the folder are %v, %v", left, err)
	}
}
