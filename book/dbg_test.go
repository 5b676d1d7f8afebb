package book_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"testing"

	"github.com/fearless-go/fearless/book"
)

func ExampleDbg() {
	const width = 3
	area := book.Dbg(os.Stdout, width*width) + 1
	fmt.Println(area)
	// Output:
	// [book/dbg_test.go:17] width*width = 9
	// 10
}

// printedBy returns what a call of Dbg prints after the place, which must be this file's.
func printedBy(t *testing.T, dbg func(*bytes.Buffer)) string {
	t.Helper()
	var b bytes.Buffer
	dbg(&b)
	m := regexp.MustCompile(`^\[book/dbg_test\.go:[0-9]+\] (.*)\n$`).FindStringSubmatch(b.String())
	if m == nil {
		t.Fatalf("printed %q", b.String())
	}
	return m[1]
}

func TestDbg(t *testing.T) {
	type point struct{ X, Y int }
	p := point{1, 2}
	name := "Ada  L."
	for want, dbg := range map[string]func(*bytes.Buffer){
		`name = "Ada  L."`:                func(b *bytes.Buffer) { book.Dbg(b, name) },
		`name+"  x" = "Ada  L.  x"`:       func(b *bytes.Buffer) { book.Dbg(b, name+"  x") },
		`p = {X:1 Y:2}`:                   func(b *bytes.Buffer) { book.Dbg(b, p) },
		`&p = &{X:1 Y:2}`:                 func(b *bytes.Buffer) { book.Dbg(b, &p) },
		`uint8(200) = 200`:                func(b *bytes.Buffer) { book.Dbg(b, uint8(200)) },
		`error(nil) = <nil>`:              func(b *bytes.Buffer) { book.Dbg(b, error(nil)) },
		`errors.New("no luck") = no luck`: func(b *bytes.Buffer) { book.Dbg(b, errors.New("no luck")) },
		`1 = 1`:                           func(b *bytes.Buffer) { book.Dbg[int64](b, 1) },
		`max( 1, 2, ) = 2`: func(b *bytes.Buffer) {
			book.Dbg(b, max(
				1,
				2,
			))
		},
	} {
		if got := printedBy(t, dbg); got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	}
}

func TestDbgReturnsTheValue(t *testing.T) {
	var b bytes.Buffer
	p := new(int)
	if book.Dbg(&b, p) != p || book.Dbg(&b, 3*7) != 21 {
		t.Error("Dbg returned another value")
	}
}

// Two calls on a line cannot be told apart, and a wrong expression is worse than none.
func TestDbgTwiceOnALine(t *testing.T) {
	var b bytes.Buffer
	_, _, line, _ := runtime.Caller(0)
	book.Dbg(&b, book.Dbg(&b, 1+1)+1)
	want := fmt.Sprintf("[book/dbg_test.go:%d] 2\n[book/dbg_test.go:%d] 3\n", line+1, line+1)
	if b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}

func TestDbgWithoutSource(t *testing.T) {
	var b bytes.Buffer
//line nowhere/to/be/found.go:7
	book.Dbg(&b, 6*7)
	if want := "[be/found.go:7] 42\n"; b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}
