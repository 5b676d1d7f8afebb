package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/source"
	"github.com/fearless-go/fearless/internal/trace"
)

func TestCallSiteIsTheUsersLine(t *testing.T) {
	at := source.CallSite()
	if !strings.HasSuffix(at.File, "source_test.go") || at.Line == 0 || !strings.HasPrefix(source.Short(at), "source_test.go:") {
		t.Errorf("%+v, %s", at, source.Short(at))
	}
	if got := source.Short(trace.Pos{}); got != "an unknown place" {
		t.Error(got)
	}
}

func TestNamesOfTheSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	text := "if s.head[i].Load(o) == nil && s.tail.Load(o) {\nfoo().Load(o)\nx.Store(1, o)\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line        int
		api         string
		object, via string
		named       map[string]int
	}{
		{1, "atomic.(*Ptr[...]).Load", "s.head[i]", "atomic.Ptr.Load", nil},
		{1, "atomic.(*Ptr[...]).Load", "s.tail", "atomic.Ptr.Load", map[string]int{"s.head[i]": 1}},
		{3, "atomic.(*Int64).Store", "x", "x.Store", nil},
		{3, "atomic.(*Int64).Load", "", "atomic.Int64.Load", nil},
		{9, "atomic.(*Int64).Load", "", "atomic.Int64.Load", nil},
		{3, "atomic.Fence", "", "atomic.Fence", nil},
	} {
		call := source.Call{At: trace.Pos{File: file, Line: c.line}, API: c.api}
		if got := call.Object(c.named); got != c.object {
			t.Errorf("line %d, %s: object %q, want %q", c.line, c.api, got, c.object)
		}
		if got := call.Via(); got != c.via {
			t.Errorf("line %d, %s: %q, want %q", c.line, c.api, got, c.via)
		}
	}
}
