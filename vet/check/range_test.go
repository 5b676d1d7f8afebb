package check_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestFindingsHaveARange(t *testing.T) {
	f := run(t, module(t, map[string]string{"m.go": racy}), ".")[0]
	if f.End.File != "m.go" || f.End.Line != 5 || f.End.Column <= f.Column {
		t.Errorf("%s ends at %s", f.Position, f.End)
	}
}

func TestVettoolNamesTheRule(t *testing.T) {
	tool, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+tool, ".")
	cmd.Dir = module(t, map[string]string{"m.go": racy})
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "nothing orders the two [share]") {
		t.Errorf("go vet says %v:\n%s", err, out)
	}
}
