package model

import "time"

// SaveOften has checkpoints written all the time, until the function that it
// returns is called.
func SaveOften() (restore func()) {
	every := saveEvery
	saveEvery = time.Millisecond
	return func() { saveEvery = every }
}

// LookOften makes the watch over an exploration impatient, until the function
// that it returns is called.
func LookOften() (restore func()) {
	every, atWork := lookEvery, looksAtWork
	lookEvery, looksAtWork = 10*time.Millisecond, 10
	return func() { lookEvery, looksAtWork = every, atWork }
}
