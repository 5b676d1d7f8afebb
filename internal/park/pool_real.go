//go:build !fearless_model

package park

import "sync"

var parkers = sync.Pool{New: func() any { return new(Parker) }}

// Get returns a parker without a token, for one wait.
func Get() *Parker { return parkers.Get().(*Parker) }

// Put gives back a parker that nobody will unpark and whose limit is disarmed.
func Put(p *Parker) { parkers.Put(p) }
