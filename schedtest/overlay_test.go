package schedtest

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func TestEveryPatchFindsItsAnchor(t *testing.T) {
	files, err := patchGoroot(goroot(t), "go")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range patches {
		if !strings.Contains(string(files[p.file]), p.text) {
			t.Errorf("%s: the text of the patch of %s is not there", p.file, p.decl)
		}
	}
}

func TestUnknownSourceIsRefusedByName(t *testing.T) {
	const text = "package runtime\n\nfunc f() {\n\tg()\n\tg()\n}\n"
	for _, c := range []struct {
		patch patch
		want  string
	}{
		{patch{"x.go", "missing", "", after, "y"}, "missing of x.go is missing"},
		{patch{"x.go", "f", "h()", after, "y"}, `f of x.go has 0 times`},
		{patch{"x.go", "f", "g()", after, "y"}, `f of x.go has 2 times`},
	} {
		_, err := apply("x.go", []byte(text), []patch{c.patch})
		var anchor *AnchorError
		if !errors.As(err, &anchor) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.patch, err, c.want)
		}
	}
}

func TestADistributionThatIsNewerSaysWhatToBuildWith(t *testing.T) {
	_, err := apply("x.go", []byte("package runtime\n\nfunc f[] {\n"), []patch{{"x.go", "f", "", after, "y"}})
	var anchor *AnchorError
	if !errors.As(err, &anchor) {
		t.Fatal(err)
	}
	anchor.Version = "go1.99.1"
	if want := "build it with go1.99.1"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q", err, want)
	}
	anchor.Version = "go1.25.0"
	if want := "go1.25.0 is not supported"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q", err, want)
	}
}
