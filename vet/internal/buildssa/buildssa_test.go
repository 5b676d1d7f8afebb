package buildssa_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
)

// text is a program with functions that have n times a statement or case.
func text(n int) string {
	var b strings.Builder
	b.WriteString("package large\n\n")
	repeat := func(before, each, after string) {
		b.WriteString(before)
		for i := range n {
			fmt.Fprintf(&b, each, i)
		}
		b.WriteString(after)
	}
	repeat("func Switch(x int) (y int) {\n\tswitch x {\n", "\tcase %d:\n\t\ty++\n", "\t}\n\treturn y\n}\n\n")
	repeat("func List(x int) bool {\n\tswitch x {\n\tcase -1", ", %d", ":\n\t\treturn true\n\t}\n\treturn false\n}\n\n")
	repeat("func Ifs(x int) (y int) {\n", "\tif x > %d {\n\t\ty++\n\t}\n", "\treturn y\n}\n\n")
	repeat("type t struct{}\n\nfunc (t) Strings(x string) (y int) {\n\tfunc() {\n\t\tswitch x {\n", "\t\tcase \"%d\":\n\t\t\ty++\n", "\t\t}\n\t}()\n\treturn y\n}\n\n")
	repeat("func Lines(x int) int {\n", "\tx += %d\n", "\treturn x\n}\n\n")
	b.WriteString("func Small(x int) bool {\n\treturn x > 0 && List(x)\n}\n")
	return b.String()
}

func built(t *testing.T, n int) (withBody, without []string) {
	dir, cleanup, err := analysistest.WriteFiles(map[string]string{"large/large.go": text(n)})
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	for _, result := range analysistest.Run(t, dir, buildssa.Analyzer, "large") {
		for _, fn := range result.Result.(*buildssa.SSA).SrcFuncs {
			if len(fn.Blocks) > 0 {
				withBody = append(withBody, fn.Name())
			} else {
				without = append(without, fn.Name())
			}
		}
	}
	return withBody, without
}

func TestLargeFunctionsAreLeftOut(t *testing.T) {
	withBody, without := built(t, 31_000)
	if got := fmt.Sprint(withBody); got != "[Lines Small]" {
		t.Errorf("functions that were built: %s", got)
	}
	if got := fmt.Sprint(without); got != "[Switch List Ifs Strings]" {
		t.Errorf("functions that were left out: %s", got)
	}
}

func TestOthersAreNot(t *testing.T) {
	if withBody, without := built(t, 500); len(without) > 0 || len(withBody) != 7 {
		t.Errorf("built %s, left out %s", withBody, without)
	}
}
