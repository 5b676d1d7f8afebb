//go:build !race && !fearless_model && !js

package atomic_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// An operation of the table below: how it is called, with %s for an ordering, and
// with which orderings.
type operation struct {
	name, call string
	orderings  []string
}

var (
	everyOrdering  = []string{"Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"}
	loadOrderings  = []string{"Relaxed", "Acquire", "SeqCst"}
	storeOrderings = []string{"Relaxed", "Release", "SeqCst"}
)

var inlinedOperations = []operation{
	{"Load", "return x.Load(atomic.%s)", loadOrderings},
	{"Store", "x.Store(v, atomic.%s); return v", storeOrderings},
	{"Swap", "return x.Swap(v, atomic.%s)", everyOrdering},
	{"CompareExchange", "p, _ := x.CompareExchange(v, w, atomic.%s, atomic.Relaxed); return p", everyOrdering},
	{"CompareExchangeWeak", "p, _ := x.CompareExchangeWeak(v, w, atomic.%s, atomic.Acquire); return p", everyOrdering},
	{"FetchAdd", "return x.FetchAdd(v, atomic.%s)", everyOrdering},
	{"FetchSub", "return x.FetchSub(v, atomic.%s)", everyOrdering},
	{"FetchAnd", "return x.FetchAnd(v, atomic.%s)", everyOrdering},
	{"FetchOr", "return x.FetchOr(v, atomic.%s)", everyOrdering},
	{"FetchXor", "return x.FetchXor(v, atomic.%s)", everyOrdering},
	{"FetchNand", "return x.FetchNand(v, atomic.%s)", everyOrdering},
	{"FetchMax", "return x.FetchMax(v, atomic.%s)", everyOrdering},
	{"FetchMin", "return x.FetchMin(v, atomic.%s)", everyOrdering},
}

var inlinedTypes = []string{
	"Bool", "Int8", "Int16", "Int32", "Int64", "Int", "Uint8", "Uint16", "Uint32", "Uint64", "Uint", "Uintptr",
}

// instructions are, for an architecture and an operation, what the function that calls
// it must contain: of 32 bits and of 64. What has no instruction that returns the
// previous value is a loop of compare-exchanges, as it is in sync/atomic.
var instructions = map[string]map[string][2]string{
	"amd64": {
		"Load":                {`MOV(L|BLZX)\t\(AX\)`, `MOVQ\t\(AX\)`},
		"Store":               {`XCHGL\t\w+, \(`, `XCHGQ\t\w+, \(`},
		"Swap":                {`XCHGL\t\w+, \(`, `XCHGQ\t\w+, \(`},
		"CompareExchange":     {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"CompareExchangeWeak": {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchAdd":            {`LOCK\nXADDL\t`, `LOCK\nXADDQ\t`},
		"FetchSub":            {`LOCK\nXADDL\t`, `LOCK\nXADDQ\t`},
		"FetchAnd":            {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchOr":             {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchXor":            {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchNand":           {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchMax":            {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
		"FetchMin":            {`LOCK\nCMPXCHGL\t`, `LOCK\nCMPXCHGQ\t`},
	},
	"arm64": {
		"Load":                {`LDARW\t`, `LDAR\t`},
		"Store":               {`STLRW\t`, `STLR\t`},
		"Swap":                {`SWPALW\t`, `SWPALD\t`},
		"CompareExchange":     {`CASALW\t`, `CASALD\t`},
		"CompareExchangeWeak": {`CASALW\t`, `CASALD\t`},
		"FetchAdd":            {`LDADDALW\t`, `LDADDALD\t`},
		"FetchSub":            {`LDADDALW\t`, `LDADDALD\t`},
		"FetchAnd":            {`LDCLRALW\t`, `LDCLRALD\t`},
		"FetchOr":             {`LDORALW\t`, `LDORALD\t`},
		"FetchXor":            {`CASALW\t`, `CASALD\t`},
		"FetchNand":           {`CASALW\t`, `CASALD\t`},
		"FetchMax":            {`CASALW\t`, `CASALD\t`},
		"FetchMin":            {`CASALW\t`, `CASALD\t`},
	},
}

// An operation with an ordering that the compiler can see is inlined to the
// instruction that sync/atomic would be: no call, no check of the ordering, for each
// type, operation and ordering. A pointer's stores are calls, because of the write barrier.
func TestInstructions(t *testing.T) {
	if instructions[runtime.GOARCH] == nil {
		t.Skip("the table of instructions has amd64 and arm64, not " + runtime.GOARCH + ": the operations themselves are tested everywhere")
	}
	hasInstructions(t, runtime.GOARCH)
}

func TestInstructionsElsewhereLong(t *testing.T) {
	long.Only(t, "the standard library is compiled for other architectures")
	for arch := range instructions {
		if arch != runtime.GOARCH {
			hasInstructions(t, arch)
		}
	}
}

// hasInstructions holds what the compiler makes of each operation for arch against
// what is written down.
func hasInstructions(t *testing.T, arch string) {
	t.Run(arch, func(t *testing.T) {
		expected := instructions[arch]
		source, names := callers()
		listing := compiled(t, arch, source)
		told := map[string]bool{} // one of an operation is enough
		for _, c := range names {
			code, ok := listing[c.function]
			if !ok {
				t.Fatalf("there is no code of %s", c.function)
			}
			want := expected[c.operation][c.size]
			if !regexp.MustCompile(want).MatchString(code) || strings.Contains(code, "CALL\t") {
				if t.Fail(); !told[c.operation] {
					told[c.operation] = true
					t.Logf("%s, and perhaps others: want %q and no call:\n%s", c.function, want, code)
				}
			}
		}
		if code := listing["PtrLoad"]; code == "" || strings.Contains(code, "CALL\t") {
			t.Errorf("a pointer's Load:\n%s", code)
		}
	})
}

// A caller is a function with one operation.
type caller struct {
	function, operation string
	size                int // of the instruction: 0 for 32 bits
}

// callers returns the source of a package with a function for each operation, and
// what is in it.
func callers() (string, []caller) {
	var b strings.Builder
	var all []caller
	b.WriteString("package callers\n\nimport \"github.com/fearless-go/fearless/atomic\"\n\n")
	b.WriteString("func PtrLoad(x *atomic.Ptr[int]) *int { return x.Load(atomic.Acquire) }\n")
	for _, typ := range inlinedTypes {
		size := 0
		if slices.Contains([]string{"Int64", "Int", "Uint64", "Uint", "Uintptr"}, typ) {
			size = 1
		}
		for _, op := range inlinedOperations {
			if typ == "Bool" && !hasBool(op.name) {
				continue
			}
			for _, o := range op.orderings {
				c := caller{typ + op.name + o, op.name, size}
				value := strings.ToLower(typ)
				fmt.Fprintf(&b, "func %s(x *atomic.%s, v, w %s) %s { %s }\n", c.function, typ, value, value, fmt.Sprintf(op.call, o))
				all = append(all, c)
			}
		}
	}
	return b.String(), all
}

// hasBool reports whether a Bool has the operation.
func hasBool(name string) bool {
	return !slices.Contains([]string{"FetchAdd", "FetchSub", "FetchMax", "FetchMin"}, name)
}

var (
	functionLine    = regexp.MustCompile(`^\S*callers\.(\w+) STEXT`)
	instructionLine = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \([^)]*\)\t(.*)$`)
)

// compiled returns the instructions of each function of a package that stands beside
// this one, but on no disk.
func compiled(t *testing.T, arch, source string) map[string]string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, overlay := filepath.Join(dir, "callers.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "callers", "callers.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{file: []byte(source), overlay: replace} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-overlay", overlay, "-gcflags=-S", "./callers")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	code, function := map[string]string{}, ""
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		if m := functionLine.FindStringSubmatch(line); m != nil {
			function = m[1]
		} else if !strings.HasPrefix(line, "\t") {
			function = ""
		} else if m := instructionLine.FindStringSubmatch(line); m != nil && function != "" {
			code[function] += m[1] + "\n"
		}
	}
	return code
}
