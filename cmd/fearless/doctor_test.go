package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func diagnoses(t *testing.T) map[string]diagnosis {
	t.Helper()
	var list []diagnosis
	if err := json.Unmarshal([]byte(call(t, "", "doctor", "-json").out), &list); err != nil {
		t.Fatal(err)
	}
	byName := map[string]diagnosis{}
	for _, d := range list {
		byName[d.Name] = d
	}
	return byName
}

func TestDoctorOnThisMachine(t *testing.T) {
	for _, name := range []string{"go", "scheduler", "cache", "module"} {
		if d := diagnoses(t)[name]; !d.OK || d.Found == "" {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if r := call(t, "", "doctor"); !strings.Contains(r.out, runtime.Version()) {
		t.Errorf("%q", r.out)
	}
	call(t, "", "doctor", "x").wantError(t, exitUsage, `"x"`)
}

func TestDoctorTellsWhatIsMissing(t *testing.T) {
	check := func(name, found string) {
		t.Helper()
		d := diagnoses(t)[name]
		if d.OK || d.Remedy == "" || !strings.Contains(d.Found, found) {
			t.Errorf("%s: %+v, want a remedy and %q", name, d, found)
		}
	}
	if runtime.GOOS == "linux" {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		t.Run("cache", func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", file)
			check("cache", "not a directory")
		})
	}
	t.Run("compiler", func(t *testing.T) {
		t.Setenv("CC", "no-such-compiler")
		check("C compiler", "no-such-compiler")
	})
	t.Run("module", func(t *testing.T) {
		t.Chdir(t.TempDir())
		check("module", "in no module")
	})
	t.Run("go", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		check("go", "no go command")
		if r := call(t, "", "doctor"); r.code != exitFailure || !strings.Contains(r.out, "MISSING") {
			t.Errorf("exit status %d, %q", r.code, r.out)
		}
	})
}
