package runtime

import _ "unsafe" // for go:linkname

// What is not of the test, and is no event, must not order its goroutines for the race
// detector. The locks that package testing takes for a t.Log, and package os to
// print, are taken in one order only, because the schedules do not differ in that:
// if it stood between two accesses, their race would be seen in no schedule. So
// while a goroutine does such things it synchronizes with none for the
// race detector, which is not told of its accesses, either. They are between
// points, so nobody else comes there at the same time.
//
// A sync.Pool of the distribution would do the same; it keeps nothing when proving.

// fearlessUnseen begins (1) and ends (-1) such a part.
//
//go:linkname fearlessUnseen
func fearlessUnseen(by int32) {
	if !fearlessProving || GOARCH != "amd64" && GOARCH != "arm64" {
		return // elsewhere race.s does not know of it
	}
	gp := getg()
	if by > 0 {
		fearlessRaceIgnore(by)
		gp.fearlessUnseen++
	} else if gp.fearlessUnseen > 0 {
		gp.fearlessUnseen--
		fearlessRaceIgnore(by)
	}
}
