package long_test

import (
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// A recorder is a test that only remembers what was asked of it.
type recorder struct {
	testing.TB
	name string
	did  string
}

func (r *recorder) Helper()               {}
func (r *recorder) Name() string          { return r.name }
func (r *recorder) Skip(...any)           { r.did = "skipped" }
func (r *recorder) Fatalf(string, ...any) { r.did = "failed"; panic(r) }

func TestOnly(t *testing.T) {
	for _, c := range []struct{ env, name, want string }{
		{"", "TestXLong", "skipped"},
		{"1", "TestXLong", ""},
		{"1", "TestXLong/a_row", ""},
		{"1", "TestX", "failed"},
		{"", "TestX/TestLong", "failed"},
	} {
		t.Setenv("FEARLESS_LONG", c.env)
		r := &recorder{name: c.name}
		func() {
			defer func() { _ = recover() }()
			long.Only(r, "a reason")
		}()
		if r.did != c.want {
			t.Errorf("%s with FEARLESS_LONG=%q: %q, want %q", c.name, c.env, r.did, c.want)
		}
	}
}
