package litmus

import "fmt"

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
