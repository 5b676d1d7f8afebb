package goker_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/schedtest/goker"
)

func TestWrite(t *testing.T) {
	root := t.TempDir()
	from := filepath.Join(root, "src/runtime/testdata/testgoroutineleakprofile/goker")
	if err := os.MkdirAll(from, 0o777); err != nil {
		t.Fatal(err)
	}
	const kernel = "package main\n\nfunc init() {\n\tregister(\"A\", a)\n\tregister(\"B\", b)\n}\n"
	if err := os.WriteFile(filepath.Join(from, "ab.go"), []byte(kernel), 0o666); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := goker.Write(dir, root, bytes.ToUpper); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"ab.go":           strings.ToUpper(kernel),
		"kernels_test.go": "package main\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { a() }\n\nfunc TestB(t *testing.T) { b() }\n",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if err := goker.Write(dir, t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "use Go 1.26 or later") {
		t.Errorf("of a distribution without kernels it says %v", err)
	}
}

// Each kernel of the distribution prints the profile, and none does without it.
func TestWithoutProfile(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	kernels := 0
	err = goker.Write(t.TempDir(), strings.TrimSpace(string(root)), func(text []byte) []byte {
		if goker.Registered.Match(text) {
			kernels++
			if after := goker.WithoutProfile(text); bytes.Equal(after, text) || bytes.Contains(after, []byte("\tprof.")) {
				t.Errorf("a kernel prints its profile in another way:\n%.300s", text)
			}
		}
		return text
	})
	if err != nil {
		t.Skipf("no distribution with kernels here (go.mod's toolchain has them, and .ci/run tries it): %v", err)
	}
	if kernels == 0 {
		t.Error("no file registers a kernel")
	}
}
