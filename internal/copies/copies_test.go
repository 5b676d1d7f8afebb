// Package copies_test sees that "go vet" reports copies of every type of the
// library that must not be copied.
package copies_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// TestVetReportsCopies runs go vet on packages that copy every type, a line each.
func TestVetReportsCopiesLong(t *testing.T) {
	long.Only(t, "go vet reads the standard library")
	files, err := filepath.Glob("testdata/*/copies.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %d packages", err, len(files))
	}
	args := []string{"vet", "-copylocks"}
	for _, file := range files {
		args = append(args, "./"+filepath.ToSlash(filepath.Dir(file)))
	}
	out, err := exec.Command("go", args...).CombinedOutput()
	if err == nil {
		t.Error("go vet reports nothing")
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(source), "\n") {
			want := strings.Contains(line, "// want")
			if got := strings.Contains(string(out), fmt.Sprintf("%s:%d:", filepath.ToSlash(file), i+1)); got != want {
				t.Errorf("%s:%d: reported: %v, want %v\n%s", file, i+1, got, want, out)
			}
		}
	}
}
