//go:build !unix

package main

import "time"

var began = time.Now()

// cpuTime is the clock where the processor's time is not to be had.
func cpuTime() time.Duration { return time.Since(began) }
