// Package unfortunate waits in a loop that does not look at the condition,
// which the rule takes for one that does.
package unfortunate

import "sync"

func twice(c *sync.Cond) {
	c.L.Lock()
	defer c.L.Unlock()
	for range 2 {
		c.Wait()
	}
}
