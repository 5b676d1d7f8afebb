package litmus

import (
	"errors"
	"fmt"
)

// MaxInput is how long a file may be, in bytes. Litmus tests are small: what is
// larger is no litmus test, and reading it would take long.
const MaxInput = 16 << 20

var errTooLong = errors.New("the file has more than 16 MB: it is no litmus test, or many of them, which belong into files of their own")

// tooLong is the mistake of a file that is longer than MaxInput, or nil.
func tooLong(name string, data []byte) error {
	if len(data) <= MaxInput {
		return nil
	}
	return &ParseError{name, 1, 1, errTooLong}
}

// A ParseError is a place in a litmus file that could not be read, and what
// was expected there.
type ParseError struct {
	File         string
	Line, Column int // from 1
	Err          error
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

func (e *ParseError) Unwrap() error { return e.Err }

// An IndexError reports that a program uses an element that an array does not
// have, so that nothing can be said of it.
type IndexError struct {
	Program string
	Thread  int
	Array   string
	Index   int64
	Len     int
}

func (e *IndexError) Error() string {
	return fmt.Sprintf("%s: thread %d uses element %d of %s, which has %d: the program is undefined", e.Program, e.Thread, e.Index, e.Array, e.Len)
}
