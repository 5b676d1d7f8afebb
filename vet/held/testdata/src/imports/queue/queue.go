// Package queue waits for its callers.
package queue

import "time"

// Next waits for the next value.
func Next(c <-chan int) int { return <-c }

// Pause waits for a while.
func Pause() { time.Sleep(time.Second) }

// Size waits for nobody.
func Size(c <-chan int) int { return len(c) }
