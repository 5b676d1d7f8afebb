package litmus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A node is a JSON value, and where it stands.
type node struct {
	at     int // offset in the file
	token  json.Token
	list   []node // of an array
	fields []field
}

type field struct {
	at    int
	name  string
	value node
}

func (n *node) kind() string {
	switch v := n.token.(type) {
	case json.Delim:
		if v == '[' {
			return "an array"
		}
		return "an object"
	case string:
		return "the string " + quote(v)
	case json.Number:
		return "the number " + quote(v.String())
	case bool:
		return fmt.Sprint(v)
	}
	return "null"
}

// A jsonReader makes nodes of a file whose syntax is known to be right.
type jsonReader struct {
	file  string
	data  []byte
	dec   *json.Decoder
	depth int
}

// fail leaves the reader's depths; ParseJSON turns it into the error.
func (r *jsonReader) fail(at int, format string, args ...any) {
	before := r.data[:min(at, len(r.data))]
	line := bytes.Count(before, []byte("\n"))
	col := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	panic(syntaxError{&ParseError{r.file, line + 1, col + 1, fmt.Errorf(format, args...)}})
}

// syntax checks the syntax of the whole file.
func (r *jsonReader) syntax() {
	var raw json.RawMessage
	err := json.Unmarshal(r.data, &raw)
	if err == nil {
		return
	}
	at := len(r.data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && int(syntax.Offset) < at || err.Error() != "unexpected end of JSON input" {
		if syntax != nil {
			at = max(int(syntax.Offset)-1, 0) // Offset is behind the byte at fault
		}
		r.fail(at, "%s: expected a litmus program as a JSON object, or an array of them", err)
	}
	r.fail(at, "the file ends in the middle: expected a litmus program as a JSON object, or an array of them")
}

func (r *jsonReader) next() (json.Token, int) {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	t, err := r.dec.Token()
	if err != nil && err != io.EOF {
		r.fail(at, "%v", err)
	}
	return t, at
}

// node reads a value.
func (r *jsonReader) node() node {
	t, at := r.next()
	n := node{at: at, token: t}
	open, ok := t.(json.Delim)
	if !ok {
		return n
	}
	if r.depth++; r.depth > 3*maxDepth {
		r.fail(at, "more than %d levels inside each other", 3*maxDepth)
	}
	for r.dec.More() {
		if open == '[' {
			n.list = append(n.list, r.node())
			continue
		}
		name, at := r.next()
		n.fields = append(n.fields, field{at, name.(string), r.node()})
	}
	r.next()
	r.depth--
	return n
}

// object checks that n is an object with no field twice, and with none besides
// those allowed.
func (r *jsonReader) object(n *node, what string, allowed func(string) bool) {
	if n.token != json.Delim('{') {
		r.fail(n.at, "expected %s as an object, found %s", what, n.kind())
	}
	seen := make(map[string]bool, len(n.fields))
	for _, f := range n.fields {
		if !allowed(f.name) {
			r.fail(f.at, "%s has no field %s", what, quote(f.name))
		}
		if seen[f.name] {
			r.fail(f.at, "%s has the field %s twice", what, quote(f.name))
		}
		seen[f.name] = true
	}
}

func among(names ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(names, s) }
}

// get is the value of a field, nil if there is none.
func (n *node) get(name string) *node {
	for i := range n.fields {
		if n.fields[i].name == name {
			return &n.fields[i].value
		}
	}
	return nil
}

// need is the value of a field that must be there.
func (r *jsonReader) need(n *node, name, what string) *node {
	v := n.get(name)
	if v == nil {
		r.fail(n.at, "expected %q: %s", name, what)
	}
	return v
}

// text is the value of a field that is a string and not empty.
func (r *jsonReader) text(n *node, name, what string) string {
	v := r.need(n, name, what)
	s, ok := v.token.(string)
	if !ok {
		r.fail(v.at, "expected %q as a string, found %s: %s", name, v.kind(), what)
	}
	if s == "" {
		r.fail(v.at, "%q is empty: expected %s", name, what)
	}
	return s
}

// number is v, the value of a field, as an integer.
func (r *jsonReader) number(v *node, name string) int64 {
	s, ok := v.token.(json.Number)
	n, err := strconv.ParseInt(s.String(), 10, 64)
	if !ok || err != nil {
		r.fail(v.at, "expected %q as an integer of at most 64 bits, found %s", name, v.kind())
	}
	return n
}

// array is the list in v, the value of a field.
func (r *jsonReader) array(v *node, name, what string) []node {
	if v.token != json.Delim('[') {
		r.fail(v.at, "expected %q as an array, found %s: %s", name, v.kind(), what)
	}
	return v.list
}
