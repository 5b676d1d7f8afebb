package marks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/marks"
)

func TestReplace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.md")
	for _, test := range []struct{ old, want, err string }{
		{"head\n<!-- x begin -->\nold\n<!-- x end -->\ntail\n", "head\n<!-- x begin -->\nnew\n<!-- x end -->\ntail\n", ""},
		{"<!-- x begin -->\n<!-- x end -->", "<!-- x begin -->\nnew\n<!-- x end -->", ""},
		{"head\n", "head\n", `has no line "<!-- x begin -->"`},
		{"<!-- x end -->\n<!-- x begin -->\n", "<!-- x end -->\n<!-- x begin -->\n", `has no "<!-- x end -->" behind`},
	} {
		if err := os.WriteFile(file, []byte(test.old), 0o666); err != nil {
			t.Fatal(err)
		}
		err := marks.Replace(file, "x", "new\n")
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q: %v", test.old, err)
		}
		if got, _ := os.ReadFile(file); string(got) != test.want {
			t.Errorf("%q became %q", test.old, got)
		}
	}
	if err := marks.Replace(file+".none", "x", ""); !os.IsNotExist(err) {
		t.Error(err)
	}
}
