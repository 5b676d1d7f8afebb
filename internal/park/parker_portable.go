//go:build (!go1.26 || go1.28 || race || fearless_portable) && !fearless_model

package park

// A Parker lets one goroutine at a time wait for a token. The zero Parker is
// ready and has none. Tokens do not add up: a second Unpark before the token
// is taken changes nothing.
//
// An Unpark synchronizes before the return of the Wait that takes its token,
// and so does every Unpark that found the token already there.
type Parker struct{ portable }
