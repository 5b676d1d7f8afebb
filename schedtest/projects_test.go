package schedtest_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// lostUpdate is a bug that shows only if direct calls of sync/atomic are
// scheduling points.
const lostUpdate = `
import "sync/atomic"

func Add(n *int32) { atomic.StoreInt32(n, atomic.LoadInt32(n)+1) }
`

const callsAdd = `
func twice(add func(*int32)) int32 {
	var n int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { add(&n) })
	}
	wg.Wait()
	return n
}

func TestAdd(t *testing.T) {
	if n := twice(Add); n != 2 {
		t.Error(n)
	}
}
`

// project writes the files and returns options that run its tests in folder dir.
func project(t *testing.T, dir string, files map[string]string) schedtest.Options {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return schedtest.Options{Dir: filepath.Join(root, dir), CacheDir: cache, Schedules: 500, NoMinimize: true}
}

func TestProjectsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	projects(t, func(name string) bool { return !strings.Contains(name, "C") })
}

func TestProjectsWithAndWithoutCLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "the distribution is built once more")
	projects(t, func(name string) bool { return strings.Contains(name, "C") })
}

// projects tries the rows whose names are asked for.
func projects(t *testing.T, asked func(name string) bool) {
	const head = "package a\nimport (\"sync\"; \"testing\")\n"
	const importsB = "package a\nimport \"example.test/b\"\nfunc Add(n *int32) { b.Add(n) }\n"
	const found = schedtest.TestFailure
	for name, c := range map[string]struct {
		dir   string
		files map[string]string
		set   func(*schedtest.Options)
		want  schedtest.Kind // of TestAdd's finding
	}{
		"a workspace": {dir: "a", want: found, files: map[string]string{
			"go.work":  "go 1.26\nuse ./a\nuse ./b\n",
			"a/go.mod": "module example.test/a\n\ngo 1.26\n\nrequire example.test/b v0.0.0\n", "a/a.go": importsB, "a/a_test.go": head + callsAdd,
			"b/go.mod": "module example.test/b\n\ngo 1.26\n", "b/b.go": "package b\n" + lostUpdate}},
		"vendoring": {dir: ".", want: found, files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n\nrequire example.test/b v1.0.0\n", "a.go": importsB, "a_test.go": head + callsAdd,
			"vendor/modules.txt": "# example.test/b v1.0.0\n## explicit; go 1.26\nexample.test/b\n", "vendor/example.test/b/b.go": "package b\n" + lostUpdate}},
		"a replaced module": {dir: "a", want: found, files: map[string]string{
			"a/go.mod": "module example.test/a\n\ngo 1.26\n\nrequire example.test/b v0.0.0\n\nreplace example.test/b => ../b\n", "a/a.go": importsB, "a/a_test.go": head + callsAdd,
			"b/go.mod": "module example.test/b\n\ngo 1.26\n", "b/b.go": "package b\n" + lostUpdate}},
		"build tags": {dir: ".", want: found, set: func(o *schedtest.Options) { o.Tags = "broken" }, files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n", "a_test.go": head + callsAdd,
			"right.go":  "//go:build !broken\n\npackage a\nimport \"sync/atomic\"\nfunc Add(n *int32) { atomic.AddInt32(n, 1) }\n",
			"broken.go": "//go:build broken\n\npackage a\n" + lostUpdate}},
		"build tags that are not set": {dir: ".", files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n", "a_test.go": head + callsAdd,
			"right.go":  "//go:build !broken\n\npackage a\nimport \"sync/atomic\"\nfunc Add(n *int32) { atomic.AddInt32(n, 1) }\n",
			"broken.go": "//go:build broken\n\npackage a\n" + lostUpdate}},
		"TestMain, in another package": {dir: ".", want: found, files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n", "a.go": "package a\n" + lostUpdate,
			"main_test.go": "package a_test\nimport (\"os\"; \"testing\")\nvar ready bool\nfunc TestMain(m *testing.M) { ready = true; os.Exit(m.Run()) }\n",
			"a_test.go":    "package a_test\nimport (\"sync\"; \"testing\"; . \"example.test/a\")\nfunc init() { if ready { panic(\"early\") } }\n" + callsAdd}},
		"CGO_ENABLED=0": {dir: ".", want: found, set: func(o *schedtest.Options) { o.Env = append(os.Environ(), "CGO_ENABLED=0") }, files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n", "a.go": "package a\n" + lostUpdate, "a_test.go": head + callsAdd}},
		"a file that calls C": {dir: ".", want: found, set: func(o *schedtest.Options) { o.Env = append(os.Environ(), "CGO_ENABLED=1") }, files: map[string]string{
			"go.mod": "module example.test/a\n\ngo 1.26\n", "a_test.go": head + callsAdd,
			"a.go": "package a\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nimport \"sync/atomic\"\n\nfunc Add(n *int32) { atomic.StoreInt32(n, atomic.LoadInt32(n)+int32(C.one())) }\n"}},
	} {
		if !asked(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(name, "calls C") {
				if _, err := exec.LookPath("gcc"); err != nil {
					t.Skip("no C compiler")
				}
			}
			opts := project(t, c.dir, c.files)
			if c.set != nil {
				c.set(&opts)
			}
			report := run(t, opts)
			if len(report.Results) != 1 {
				t.Fatalf("%+v, want one test", report.Results)
			}
			var got schedtest.Kind
			f := report.Results[0].Finding
			if f != nil {
				got = f.Kind
			}
			if got != c.want {
				t.Errorf("found %q, want %q: %+v", got, c.want, f)
			}
		})
	}
}

func TestDirectCallsInDependenciesAreSchedulingPointsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	directCalls(t, func(name string) bool { return name == "in a module" })
}

func TestDirectCallsInDependenciesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "the module and the distribution are built once more")
	directCalls(t, func(name string) bool { return name != "in a module" })
}

// directCalls tries the rows whose names are asked for.
func directCalls(t *testing.T, asked func(name string) bool) {
	sums, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	const (
		// Package atomic's Load and Store are direct calls of sync/atomic.
		test = "package a\nimport (\"testing\"; \"sync\"; \"go.uber.org/atomic\")\n" +
			"func TestAdd(t *testing.T) {\nvar n atomic.Int32\nvar wg sync.WaitGroup\n" +
			"for range 2 { wg.Go(func() { n.Store(n.Load() + 1) }) }\nwg.Wait()\nif n.Load() != 2 { t.Error(n.Load()) }\n}\n"
		mod = "module example.test/a\n\ngo 1.26.0\n\nrequire go.uber.org/atomic v1.12.0\n"
	)
	for name, c := range map[string]struct {
		dir   string
		files map[string]string
		set   func(*schedtest.Options)
	}{
		"in a module":    {".", map[string]string{"go.mod": mod, "go.sum": string(sums), "a_test.go": test}, nil},
		"in a workspace": {"a", map[string]string{"go.work": "go 1.26.0\nuse ./a\n", "a/go.mod": mod, "a/go.sum": string(sums), "a/a_test.go": test}, nil},
		"with -modfile": {".", map[string]string{"go.mod": "module example.test/a\n\ngo 1.26.0\n", "other.mod": mod, "other.sum": string(sums), "a_test.go": test},
			func(o *schedtest.Options) { o.BuildFlags = []string{"-modfile=other.mod"} }},
		"with a replace of its own": {".", map[string]string{"go.mod": strings.Replace(mod, "v1.12.0", "v1.0.0", 1) + "replace go.uber.org/atomic v1.0.0 => go.uber.org/atomic v1.12.0\n", "go.sum": string(sums), "a_test.go": test}, nil},
		"with -race":                {".", map[string]string{"go.mod": mod, "go.sum": string(sums), "a_test.go": test}, func(o *schedtest.Options) { o.Race = true }},
	} {
		if !asked(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := project(t, c.dir, c.files)
			if c.set != nil {
				c.set(&opts)
			}
			before := tree(t, opts.Dir)
			report := run(t, opts)
			if len(report.Results) != 1 || report.Results[0].Finding == nil || report.Results[0].Finding.Kind != schedtest.TestFailure {
				t.Errorf("%+v, want one failing test", report.Results)
			}
			if after := tree(t, opts.Dir); !maps.Equal(before, after) {
				t.Errorf("the tree was %v and is %v", before, after)
			}
		})
	}
}
