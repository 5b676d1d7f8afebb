// Package unserved finds a way through the one goroutine that receives from a
// channel on which it ends, closes the channel or joins a sender while
// somebody still sends.
//
// Begin with [Find]. Sends are counted from above and receives from below,
// but for what cannot be told (receives in other functions, loops that end by
// counting), which gives the way up: a [Loss] that is found stands on what is
// there to read. What may not change is that direction: Find is silent where
// it does not know.
package unserved
