package cell_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestVetReportsCopies runs go vet on a package that copies every type.
func TestVetReportsCopies(t *testing.T) {
	const file = "testdata/copies/copies.go"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "vet", "-copylocks", "./testdata/copies").CombinedOutput()
	if err == nil {
		t.Error("go vet reports nothing")
	}
	for i, line := range strings.Split(string(source), "\n") {
		want := strings.Contains(line, "// want")
		if got := strings.Contains(string(out), fmt.Sprintf("copies.go:%d:", i+1)); got != want {
			t.Errorf("%s:%d: reported: %v, want %v\n%s", file, i+1, got, want, out)
		}
	}
}
