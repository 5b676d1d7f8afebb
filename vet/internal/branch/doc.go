// Package branch keeps what one way through a function has decided, so that a
// walk over its blocks does not take ways that cannot be: a condition that is
// asked twice has one outcome, a flag has the value that the way gave it.
//
// Begin with [Env]. It may take a way for impossible that is possible, and so
// miss something; it makes no way up.
package branch
