package schedtest

import (
	"maps"
	"strings"
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

func TestWrappersOfGoStatements(t *testing.T) {
	for fn, want := range map[string]bool{
		"example.test/m.New.gowrap1": true, "example.test/m.(*T).Go.func2.gowrap12": true,
		"example.test/m.gowrapper": false, "example.test/m.(*T).gowrap1x": false, "example.test/gowrap1/m.New": false, "": false,
	} {
		if isGoWrapper(fn) != want {
			t.Errorf("%q: %v", fn, !want)
		}
	}
}

func TestALivelockSaysWhoIsBlocked(t *testing.T) {
	round, blocked := Goroutine{State: "runnable"}, Goroutine{State: "chan send"}
	if m := livelockMessage(9, []Goroutine{round, round}, false); m != "after 9 steps of a fair schedule every goroutine goes round in circles" {
		t.Error(m)
	}
	if m := livelockMessage(9, []Goroutine{blocked, round}, false); !strings.Contains(m, "nobody wakes the 1 blocked") {
		t.Error(m)
	}
}
