// Package goid tells the number of the calling goroutine.
package goid

import (
	"bytes"
	"runtime"
	"strconv"

	"github.com/petermattis/goid"
)

// Get returns the number of the calling goroutine.
func Get() uint64 {
	if fast {
		return uint64(goid.Get())
	}
	return tracebackID()
}

// fast is whether package goid can be trusted. It reads the number from the
// runtime's g at an offset that it knows for each release. It is compared at
// start-up, on two goroutines, with what a traceback says; where that differs,
// the traceback is used: slower, but right.
var fast = func() bool {
	agree := func() bool { return uint64(goid.Get()) == tracebackID() }
	other := make(chan bool)
	go func() { other <- agree() }()
	return <-other && agree()
}()

// tracebackID parses "goroutine 18 [running]:".
func tracebackID() uint64 {
	var line [64]byte
	rest, _ := bytes.CutPrefix(line[:runtime.Stack(line[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(rest, []byte(" "))
	id, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		panic("goid: runtime.Stack does not begin with the goroutine's number: " + string(line[:]))
	}
	return id
}
