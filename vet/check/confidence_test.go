package check_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/vet/check"
)

const unsure = `package m

import "sync"

func outside(f func() int, mu *sync.Mutex, early bool) int {
	n := 0
	go func() { n++ }()
	mu.Lock()
	if early {
		return n + f()
	}
	mu.Unlock()
	mu.Unlock()
	return 0
}
`

// What is known to the end is certain; what rests on something says on what, in
// each form in which findings are told.
func TestEachFindingSaysHowCertainItIs(t *testing.T) {
	findings := run(t, module(t, map[string]string{"a.go": racy, "b.go": unsure}), ".")
	want := []struct {
		rule       string
		line       int
		confidence check.Confidence
		assumed    string
	}{
		{"share", 5, check.Must, ""},
		{"share", 7, check.May, "no call which is not known orders the two, and no value keeps them apart"},
		{"guard", 10, check.May, "the branches on the way can come out so"},
		{"guard", 13, check.Must, ""},
	}
	if len(findings) != len(want) {
		t.Fatalf("findings %v", findings)
	}
	for i, f := range findings {
		if w := want[i]; f.Rule != w.rule || f.Line != w.line || f.Confidence != w.confidence || f.Assumed != w.assumed {
			t.Errorf("%s: %s, assumed %q; want %+v", f, f.Confidence, f.Assumed, w)
		}
	}
	var text, sarif bytes.Buffer
	if err := check.Print(&text, findings); err != nil {
		t.Fatal(err)
	}
	if err := check.WriteSARIF(&sarif, findings); err != nil {
		t.Fatal(err)
	}
	inJSON, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	for form, c := range map[string]struct{ got, must, may string }{
		"text":  {text.String(), "[guard]\n\tconfidence: must\n", "[guard]\n\tconfidence: may, assumed that the branches on the way can come out so\n"},
		"JSON":  {string(inJSON), `"confidence":"must"`, `"confidence":"may","assumed":"the branches on the way can come out so"`},
		"SARIF": {sarif.String(), `"confidence": "must"`, `"assumed": "the branches on the way can come out so"`},
	} {
		if !strings.Contains(c.got, c.must) || !strings.Contains(c.got, c.may) {
			t.Errorf("%s lacks %q or %q:\n%s", form, c.must, c.may, c.got)
		}
	}
}
