package litmus

import (
	"fmt"
	"strings"
	"testing"
)

// A cast to a type that has not the value is a mistake, as an assignment is, and a cast to
// bool makes true of what is not 0. A name is declared once where it can be seen.
func TestCastsAndBlocks(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{"r = (char)300;", "the value 300 does not fit the type char"},
		{"r = (int)atomic_load(x) + (short)70000;", "the value 70000 does not fit the type short"},
		{"atomic_store(x, 200); r = (char)atomic_load(x);", "the value 200 does not fit the type char"},
		{"atomic_store(x, 200); r = (unsigned char)atomic_load(x);", "0:r=200"},
		{"atomic_store(x, 7); r = (bool)atomic_load(x) + 1;", "0:r=2"},
		{"r = (long)3 << (int)2;", "0:r=12"},
		{"while ((int)atomic_load(x) != 0) { } r = 4;", "0:r=4"},
		{"r = -(int)(char)5;", "0:r=-5"},
		{"{ int r = 2; }", `"r" is declared already`},
		{"int r;", `"r" is declared already`},
		{"for (int r = 0; r < 2; r++) { }", `"r" is declared already`},
		{"{ int s = 2; r = s; } { int s = 3; r += s; } for (int s = 0; s < 2; s++) r++; for (int s = 0; s < 1; s++) r++;", "0:r=8"},
	} {
		text := fmt.Sprintf("C t\n{}\nP0(atomic_int* x) { int r = 0; %s }\nexists (0:r=0)\n", test.body)
		got := ""
		p, err := ParseC("t.litmus", []byte(text))
		var res *Result
		if err == nil {
			res, err = Run(t.Context(), p, RC11, Limits{})
		}
		if err != nil {
			got = err.Error()
		} else {
			var b strings.Builder
			res.WriteText(&b)
			got = b.String()
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.body, got, test.want)
		}
	}
}
