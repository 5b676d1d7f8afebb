// Package chanflow follows a channel from where it is made to every place
// that sends to it, receives from it or closes it.
//
// Begin with [Locals], for the channels that a function makes, and with
// [Fields], for those that a package keeps in unexported struct fields. A
// [Chan] lists its operations, each with the goroutine that performs it; what
// cannot be followed (a call that is not evident, a slice of channels, another
// package) is noted in the direction in which it can matter: a function that
// gets a <-chan can receive, but neither send nor close.
//
// Nothing here judges: a Chan says what is there, and its flags say what may
// be there besides. A flag that is not set is a promise on which the rules
// rest, so that every way out of sight has to set one.
package chanflow
