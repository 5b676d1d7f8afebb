package cluster_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestALibraryLinksNoServer checks that a program that imports only the library
// links nothing of the cluster's, whatever it imports of the library.
func TestALibraryLinksNoServer(t *testing.T) {
	const module = "github.com/fearless-go/fearless/"
	args := []string{"list", "-deps"}
	for _, p := range []string{"thread", "lock", "lock/lockdebug", "atomic", "arc", "rc", "cell", "marker", "linear", "model"} {
		args = append(args, module+p)
	}
	for _, tags := range []string{"", "fearless_model"} {
		out, err := exec.Command("go", append(append([]string{}, args[0], args[1], "-tags="+tags), args[2:]...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("go list: %v\n%s", err, out)
		}
		for p := range strings.Lines(string(out)) {
			p = strings.TrimSpace(p)
			if strings.HasPrefix(p, module+"cluster") || strings.HasPrefix(p, "github.com/nats-io/") {
				t.Errorf("with tags %q the library imports %s", tags, p)
			}
		}
	}
}
