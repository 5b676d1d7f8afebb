package trace

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestChunksAround(t *testing.T) {
	var text []string
	for n := range 300 {
		text = append(text, fmt.Sprintf("line %d", n+1))
	}
	for _, test := range []struct {
		used []int
		want string // first and last line of each chunk
	}{
		{[]int{1}, "1-41"},
		{[]int{300}, "260-300"},
		{[]int{150, 100}, "60-190"},
		{[]int{60, 60, 141}, "20-181"},
		{[]int{60, 142}, "20-100 102-182"},
		{[]int{301, 9000}, ""},
		{[]int{280, 301}, "240-300"},
	} {
		var got []string
		for _, c := range chunksAround(text, test.used) {
			last := c.First + len(c.Lines) - 1
			got = append(got, fmt.Sprintf("%d-%d", c.First, last))
			if c.Lines[0] != text[c.First-1] || c.Lines[len(c.Lines)-1] != text[last-1] {
				t.Errorf("%v: lines %d to %d are %q … %q", test.used, c.First, last, c.Lines[0], c.Lines[len(c.Lines)-1])
			}
		}
		if g := strings.Join(got, " "); g != test.want {
			t.Errorf("lines %v: got %q, want %q", test.used, g, test.want)
		}
	}
}

// A file that is gone, or no file, leaves the page without its source, no more.
func TestSourcesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there.go")
	if err := os.WriteFile(there, []byte("package p\r\n\n\tfunc f() {}\x1b\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	tr := &Trace{Lanes: []Lane{{}}, Steps: []Step{{Pos: Pos{File: there, Line: 3}}, {Pos: Pos{File: dir, Line: 1}}, {Pos: Pos{File: "gone.go", Line: 1}}, {}}}
	got := tr.sources(tr.shortFiles())
	if len(got) != 1 || len(got["there.go"]) != 1 || strings.Join(got["there.go"][0].Lines, "|") != "package p||    func f() {}\uFFFD|" {
		t.Errorf("got %+v", got)
	}
}
