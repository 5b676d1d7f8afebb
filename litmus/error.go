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
