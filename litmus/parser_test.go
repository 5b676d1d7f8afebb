package litmus

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run returns what a C test prints under a memory model.
func run(t *testing.T, src string, memory Memory) string {
	t.Helper()
	p, err := ParseC("test.litmus", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(t.Context(), p, memory, Limits{Events: 100})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := res.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestStatesArePrintedAsHerdDoes(t *testing.T) {
	src, err := os.ReadFile("testdata/c/SB.litmus")
	if err != nil {
		t.Fatal(err)
	}
	for memory, want := range map[Memory]string{
		RC11: `Test SB Allowed
States 4
0:r0=0; 1:r0=0;
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (0:r0=0 /\ 1:r0=0)
Observation SB Sometimes 1 3

`,
		SC: `Test SB Allowed
States 3
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
No
Witnesses
Positive: 0 Negative: 3
Condition exists (0:r0=0 /\ 1:r0=0)
Observation SB Never 0 3

`,
	} {
		if got := run(t, string(src), memory); got != want {
			t.Errorf("under %v:\n%s\nwant\n%s", memory, got, want)
		}
	}
}

func TestC(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"update and wrap of operands", `{ x = 5; } P0(atomic_int* x) { int a = atomic_fetch_sub(x, 2); int b = atomic_fetch_or_explicit(x, 4, memory_order_relaxed); int c = atomic_exchange(x, 9); } exists (0:a=5 /\ 0:b=3 /\ 0:c=7 /\ x=9)`, "Always 1 0"},
		{"precedence", `{} P0(atomic_int* x) { int a = 1 + 2 * 3 == 7 && !(4 < 3); int b = -1 % 5 ^ 2 << 1; } exists (0:a=1 /\ 0:b=-5)`, "Always 1 0"},
		{"short circuit", `{} P0(atomic_int* x) { int a = 0 && atomic_fetch_add(x, 1); int b = 1 || atomic_fetch_add(x, 1); int c = 1 && atomic_fetch_add(x, 1) == 0; } exists (0:a=0 /\ 0:b=1 /\ 0:c=1 /\ x=1)`, "Always 1 0"},
		{"else and blocks", `{ int x = 3; } P0(int* x) { int r = 0; if (*x == 2) { r = 1; } else if (*x == 3) r = 2; else { r = 3; } } exists (0:r=2)`, "Always 1 0"},
		{"an await", `{} P0(atomic_int* x) { atomic_store(x, 1); } P1(atomic_int* x) { while (atomic_load(x) == 0) {} int r = *x; } forall (1:r=1)`, "Always 1 0"},
		{"a failed compare-exchange through memory", `{ x = 2; } P0(atomic_int* x, int* e) { int ok = atomic_compare_exchange_weak(x, e, 1); } exists (0:ok=0 /\ e=2)`, "Always 1 0"},
		{"a race", `{} P0(int* x) { *x = 1; } P1(int* x) { *x = 2; } exists (x=1)`, "Flag data-race"},
		{"a false implication", `{} P0(atomic_int* x) { *x = 1; } forall (x=1 => ~(x=1 \/ false))`, "Never 0 1"},
	} {
		if got := run(t, "C "+strings.ReplaceAll(test.name, " ", "-")+"\n"+test.body, RC11); !strings.Contains(got, test.want) {
			t.Errorf("%s:\n%s\nwant %q", test.name, got, test.want)
		}
	}
}

func TestMistakesInCAreNamed(t *testing.T) {
	const ok = "C t\n{}\n"
	for src, want := range map[string]string{
		"":                               `f:1:1: the file is empty: expected "C"`,
		"X86 t\n":                        `expected "C", the language of the test, found "X86"`,
		"C\n":                            "f:1:2: expected the name of the test",
		"C t\n":                          `f:2:1: expected "{"`,
		"C t\n{ x = ":                    "expected a number, found the end of the file",
		"C t\n{ int x[0]; }":             "f:2:9: expected how many elements",
		"C t\n{ int x[]; }":              "f:2:9: expected how many elements",
		"C t\n{ int x[9999]; }":          "from 1 to 256",
		"C t\n{ int x[2] = {1, 2, 3}; }": "f:2:21: more than the 2 values",
		"C t\n{ int x[2]; x = 1; }":      `f:2:13: "x" is declared twice`,
		"C t\n{ x = 1; int x[2]; }":      `f:2:14: "x" is declared twice`,
		"C t\n{ int x[2]; }\nP0(int* x) { int r = x[2]; }":  `f:3:24: "x" has the elements 0 to 1`,
		"C t\n{ int x[2]; }\nP0(int* x) {} exists (x=1)":    `f:3:23: "x" is an array: expected an element`,
		"C t\n{ int x[2]; }\nP0(int* x) {} exists (x[2]=1)": `no variable "x[2]"`,
		"C t\n{}\nP0(int y[2]) {}":                          `f:3:8: "y" is no array`,
		"C t\n{ atomic_t x; }":                              `f:2:3: "atomic_t" is of the Linux kernel`,
		"C t\n{ foo x; }":                                   `f:2:3: "foo" is no type`,
		"C t\n{}\nP0(spinlock_t* x) {}":                     `f:3:4: "spinlock_t" is of the Linux kernel`,
		"C t\n{ 0:r=1; }":                                   "there is no thread 0",
		"C t\n{ x = 99999999999999999999; }":                "expected one of at most 64 bits",
		ok:                                                  "expected a thread",
		ok + "P1(atomic_int* x) {}":                         `expected thread "P0"`,
		ok + "P0(x) {}":                                     "expected the type of a shared variable",
		ok + "P0(atomic_int* x) { x = 1; }":                 "expected *x",
		ok + "P0(atomic_int* x) { *y = 1; }":                `"y" is not a parameter`,
		ok + "P0(atomic_int* x) {\n *x = 1 }":               `f:4:9: expected ";", found "}"`,
		ok + "P0(atomic_int* x) { *x = r; }":                `"r" is neither a register`,
		ok + "P0(atomic_int* x) { for(;;); }":               `this loop does nothing and does not end`,
		ok + "P0(atomic_int* x) { *x => 1; }":               `expected "=", found "=>"`,
		ok + "P0(atomic_int* x) { foo(x); }":                `"foo" is no function that is supported`,
		ok + "P0(atomic_int* x) { while(1); }":              "does not end",
		ok + "P0(atomic_int* x) { atomic_store_explicit(x, 1, memory_order_acquire); }": "cannot be memory_order_acquire",
		ok + "P0(atomic_int* x) { atomic_store_explicit(x, 1, relaxed); }":              "expected a memory_order",
		ok + "P0(atomic_int* x) { int r = atomic_store(x, 1); }":                        "has no value",
		ok + "P0(atomic_int* x) {":                                              "found the end of the file",
		ok + "P0(atomic_int* x) {} exists (y=1)":                                `no variable "y"`,
		ok + "P0(atomic_int* x) {} exists (1:r=1)":                              "no thread 1",
		ok + "P0(atomic_int* x) {} exists (0:r=1)":                              `no register "r"`,
		ok + "P0(atomic_int* x) {} exists (x=1":                                 `expected ")"`,
		ok + "P0(atomic_int* x) {} sometimes (x=1)":                             "expected exists",
		ok + "P0(atomic_int* x) {} exists (x=1) garbage":                        "expected the end of the file",
		"C t\n/* no end":                                                        "f:2:1: this comment does not end",
		ok + "P0(atomic_int* x) { int r = " + strings.Repeat("(", 500) + "1; }": "levels inside each other",
		ok + "P0(atomic_int* x) {} exists " + strings.Repeat("~", 500) + "x=1":  "levels inside each other",
		ok + "P0(atomic_int* x) { *" + strings.Repeat("(", 500) + "x = 1; }":    "levels inside each other",
		ok + "P0(atomic_int* x) { ++" + strings.Repeat("(", 500) + "x; }":       "levels inside each other",
		ok + "P0(atomic_int* x) { int a[3]; }":                                  "f:3:26: arrays are not supported",
		ok + "P0(atomic_int* x) { float f = 1; }":                               `f:3:21: "float" is no type`,
		ok + "P0(atomic_int* x) { again: *x = 1; }":                             `f:3:21: the label "again" is not supported`,
		ok + "P0(atomic_int* x) { int r = 1.5; }":                               `f:3:30: `,
		"\xff\xfeC\x00 \x00":                                                    "f:1:1: the file is in UTF-16: expected UTF-8",
	} {
		_, err := ParseC("f", []byte(src))
		var pe *ParseError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", src, err, want)
		}
	}
}

func TestMessagesStayShort(t *testing.T) {
	long := strings.Repeat("x", 100000)
	for _, src := range []string{long, "C t\n{ " + long + "(", "C t\n{ x = " + strings.Repeat("9", 100000), "C t\n{}\nP0(atomic_int* x) { int r = " + long + "; }"} {
		if _, err := ParseC("f", []byte(src)); err == nil || len(err.Error()) > 400 {
			t.Errorf("%.40s: %.500v", src, err)
		}
	}
}

func TestLongStraightCodeIsNoLoop(t *testing.T) {
	src := "C t\n{}\nP0(atomic_int* x) { int r = 0; " + strings.Repeat("r += 1u;\n", 100000) + "}\nexists (0:r=100000)"
	if got := run(t, src, RC11); !strings.Contains(got, "Always 1 0") {
		t.Error(got)
	}
}

func TestEndlessProgramsReachALimit(t *testing.T) {
	for src, want := range map[string]string{
		"C t\n{}\nP0(atomic_int* x) { while (1) { *x = 1; } }":                                      "a loop of thread 0 is run round by round, because it stores",
		"C t\n{}\nP0(atomic_int* x) {}\nP1(atomic_int* x) { while (atomic_fetch_add(x, 1) >= 0); }": "a loop of thread 1 is run round by round, because it updates a variable",
		"C t\n{}\nP0(atomic_int* x) { int n = 0; while (atomic_load(x) == 0) n++; }":                "because a round uses what a former one has computed",
		"C t\n{}\nP0(atomic_int* x) { int r = 0; while (1) { r = r + 1; } }":                        "thread 0 computed",
	} {
		p, err := ParseC("f", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(t.Context(), p, RC11, Limits{Events: 50})
		if le := (*LimitError)(nil); !errors.As(err, &le) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want a limit and %q", src, err, want)
		}
	}
}

func seed(f *testing.F, pattern string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatal(pattern, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4000)])
	}
}

// fuzz runs what parses, within limits, and wants every error to have a place.
func fuzz(t *testing.T, parse func(string, []byte) ([]*Program, error), data []byte) {
	list, err := parse("f", data)
	if err != nil {
		var pe *ParseError
		if !errors.As(err, &pe) || pe.Line < 1 || pe.Column < 1 {
			t.Fatalf("%T: %v", err, err)
		}
		return
	}
	for _, p := range list[:min(len(list), 2)] {
		res, err := Run(t.Context(), p, RC11, Limits{Events: 20, Executions: 50})
		if err == nil {
			err = res.WriteText(&bytes.Buffer{})
		} else if errors.As(err, new(*LimitError)) || errors.As(err, new(*IndexError)) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzParseC(f *testing.F) {
	seed(f, "testdata/c/*.litmus")
	for _, c := range loops {
		f.Add([]byte(source("t", c.init, []string{c.body0, c.body1}, c.condition)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, func(n string, d []byte) ([]*Program, error) {
			p, err := ParseC(n, d)
			return []*Program{p}, err
		}, data)
	})
}

func FuzzParseJSON(f *testing.F) {
	seed(f, "testdata/*.json")
	f.Add([]byte(`{"name":"a","init":{"x":0},"threads":[[{"op":"store","var":"x","val":{"reg":"r","add":1},"mo":"rlx"}]]}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, ParseJSON, data) })
}
