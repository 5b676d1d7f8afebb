package schedtest

import (
	"maps"
	"testing"
)

func TestHeadersOfTracebacks(t *testing.T) {
	const stack = "\nm.TestX.func1()\n\t/m/m_test.go:7 +0x1\ncreated by m.TestX in goroutine 3\n\t/m/m_test.go:6 +0x2\n"
	for _, c := range []struct {
		header, state string
		labels        map[string]string
	}{
		{`goroutine 7 [chan receive]:`, "chan receive", nil},
		{`goroutine 7 [sync.Mutex.Lock (leaked), 2 minutes]:`, "sync.Mutex.Lock", nil},
		{`goroutine 7 gp=0x1 m=nil [select (no cases)]:`, "select (no cases)", nil},
		{`goroutine 7 [chan receive labels:{"worker": "the \"first\", [1]", "b": "2"}]:`, "chan receive", map[string]string{"worker": `the "first", [1]`, "b": "2"}},
		{`goroutine 7 [chan receive, 3 minutes] {worker: "the first", b: 2}:`, "chan receive", map[string]string{"worker": "the first", "b": "2"}},
	} {
		g, ok := parseStacks(c.header + stack)[7]
		if !ok || g.State != c.state || !maps.Equal(g.Labels, c.labels) || len(g.Stack) != 1 || g.Created.Line != 6 {
			t.Errorf("%s is read as %+v", c.header, g)
		}
	}
}
