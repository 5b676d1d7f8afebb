package model

import "time"

// LookOften makes the watch over an exploration impatient, until the function
// that it returns is called.
func LookOften() (restore func()) {
	every, atWork := lookEvery, looksAtWork
	lookEvery, looksAtWork = 10*time.Millisecond, 10
	return func() { lookEvery, looksAtWork = every, atWork }
}
