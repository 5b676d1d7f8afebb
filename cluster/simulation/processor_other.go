//go:build !unix

package main

import (
	"errors"
	"time"
)

// processor would be the processor time that this process has had.
func processor() (time.Duration, error) {
	return 0, errors.New("costs are measured on unix only: give them with -costs")
}
