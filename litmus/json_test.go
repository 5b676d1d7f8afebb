package litmus

import (
	"errors"
	"strings"
	"testing"
)

func TestMistakesInJSONAreNamed(t *testing.T) {
	const head = `{"name": "t", "init": {"x": 0}, "threads": [[`
	for src, want := range map[string]string{
		"":                                  "f:1:1: the file ends",
		"[":                                 "f:1:2: the file ends",
		"{\n \"name\": }":                   "f:2:10: invalid character",
		`{"name": 3}`:                       `f:1:10: expected "name" as a string, found the number "3"`,
		`{}`:                                `expected "name"`,
		`{"name": "t"}`:                     `expected "threads"`,
		"[{}]":                              "f:1:2: ",
		head + `]]} x`:                      `f:1:50: invalid character 'x' after top-level value`,
		head + `{"op":"jump"}]]}`:           `"op" is "jump"`,
		head + `{"op":"load","var":"y"}]]}`: `f:1:65: load of "y": expected "var" to be one of those in "init"`,
		head + `{"op":"load","var":"x","mo":"rlx"}]]}`:                               `expected "reg"`,
		head + `{"op":"load","var":"x","reg":"r","mo":"rel"}]]}`:                     "a load cannot be rel",
		head + `{"op":"load","var":"x","reg":"r","mo":"weak"}]]}`:                    `"mo" is "weak"`,
		head + `{"op":"store","var":"x","mo":"rlx"}]]}`:                              `expected "val"`,
		head + `{"op":"store","var":"x","val":"1","mo":"rlx"}]]}`:                    `expected "val"`,
		head + `{"op":"rmw","kind":"dec","var":"x","reg":"r","arg":1,"mo":"rlx"}]]}`: `"kind" is "dec"`,
		head + `{"op":"rmw","kind":"cas","var":"x","reg":"r","arg":1,"mo":"rlx"}]]}`: `expected "mo_fail": rlx, acq or sc`,
		head + `{"op":"fence","mo":"rlx"}]]}`:                                        "a fence cannot be rlx",
		head + `{"op":"if","reg":"r","then":[]}]]}`:                                  `expected "eq"`,
		// Fields that are unknown, there twice, or of another type.
		head + `{"op":"fence","mo":"sc","var":"x"}]]}`:                                                         `f:1:70: a fence has no field "var"`,
		head + "\n{\"op\":\"load\",\"var\":\"x\",\"mo\":\"sc\",\"rge\":\"r\"}]]}":                              `f:2:34: a load has no field "rge"`,
		head + `{"op":"rmw","kind":"faa","var":"x","reg":"r","arg":1,"mo":"sc","expected":0}]]}`:               `an rmw has no field "expected"`,
		`{"name":"é", "thraeds":[]}`:                                                                           `f:1:14: a program has no field "thraeds"`,
		`{"name":"t", "initial":{}, "threads":[[]]}`:                                                           `a program has no field "initial"`,
		`{"name":"t", "thread":[[]]}`:                                                                          `a program has no field "thread"`,
		`{"Name":"t", "threads":[[]]}`:                                                                         `f:1:2: a program has no field "Name"`,
		`{"name":"t", "name":"u", "threads":[[]]}`:                                                             `f:1:14: a program has the field "name" twice`,
		`{"name":"t", "init":{"x":0,"x":1}, "threads":[[]]}`:                                                   `f:1:28: "init" has the field "x" twice`,
		head + `{"op":"fence","mo":"sc","mo":"rel"}]]}`:                                                        `has the field "mo" twice`,
		`{"name":"t", "init":[], "threads":[[]]}`:                                                              `f:1:21: expected "init" as an object, found an array`,
		`{"name":"t", "init":{"x":null}, "threads":[[]]}`:                                                      `expected "x" as an integer of at most 64 bits, found null`,
		`{"name":"t", "init":{"x":1.5}, "threads":[[]]}`:                                                       `found the number "1.5"`,
		`{"name":"t", "init":{"x":9223372036854775808}, "threads":[[]]}`:                                       `f:1:26: expected "x" as an integer of at most 64 bits`,
		`{"name":"t", "init":{"x":1e2}, "threads":[[]]}`:                                                       `found the number "1e2"`,
		`{"name":"t", "threads":{}}`:                                                                           `f:1:24: expected "threads" as an array, found an object`,
		`{"name":"t", "threads":[]}`:                                                                           `has 0 threads`,
		`{"name":"t", "threads":[3]}`:                                                                          `f:1:25: expected "threads" as an array, found the number "3"`,
		`{"name":"t", "threads":[[3]]}`:                                                                        `f:1:26: expected an operation as an object, found the number "3"`,
		`{"name":"", "threads":[[]]}`:                                                                          `"name" is empty`,
		`[{"name":"t", "threads":[[]]}, null]`:                                                                 `f:1:32: expected a program as an object, found null`,
		`"name"`:                                                                                               `expected a program as an object`,
		head + `{"op":7}]]}`:                                                                                   `expected "op" as a string`,
		head + `{"op":"cas"}]]}`:                                                                               `"op" is "cas"`,
		head + `{"op":"load","var":0,"reg":"r","mo":"sc"}]]}`:                                                  `f:1:65: expected "var" as a string`,
		head + `{"op":"load","var":"x","reg":-1,"mo":"sc"}]]}`:                                                 `expected "reg" as a string, found the number "-1"`,
		head + `{"op":"store","var":"x","val":{"reg":"r","ad":1},"mo":"rlx"}]]}`:                               `"val" has no field "ad"`,
		head + `{"op":"store","var":"x","val":{"add":1},"mo":"rlx"}]]}`:                                        `expected "reg"`,
		head + `{"op":"store","var":"x","val":[1],"mo":"rlx"}]]}`:                                              `expected "val" as an object`,
		head + `{"op":"store","var":"x","val":99999999999999999999,"mo":"rlx"}]]}`:                             `expected "val" as an integer of at most 64 bits`,
		head + `{"op":"if","reg":"r","eq":"0","then":[]}]]}`:                                                   `expected "eq" as an integer`,
		head + `{"op":"if","reg":"r","eq":0,"then":{}}]]}`:                                                     `expected "then" as an array`,
		head + strings.Repeat(`{"op":"if","reg":"r","eq":0,"then":[`, 200):                                     "the file ends in the middle",
		head + strings.Repeat(`{"op":"if","reg":"r","eq":0,"then":[`, 200) + strings.Repeat("]}", 200) + "]]}": "more than 300 levels inside each other",
		strings.Repeat("[", 20000):                                                                             "",
		"[]":                                                                                                   "f:1:1: there is no program here",
		`{"name":"t"} {"name":"u"}`:                                                                            "f:1:14: invalid character '{' after top-level value",
	} {
		_, err := ParseJSON("f", []byte(src))
		var pe *ParseError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", src, err, want)
		}
	}
}

func TestWhatIsKnownOfAProgramMayStandBesideIt(t *testing.T) {
	list, err := ParseJSON("f", []byte("\ufeff{\"name\":\"t\", \"rc11_executions\":1, \"race\":true, \"family\":\"mp\", \"note\":[{}], \"threads\":[[]]}"))
	if err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}
