//go:build fearless_model

package thread

import "github.com/fearless-go/fearless/internal/engine"

// handlesAtOnce is how many handles a modelled program allocates together: it
// starts threads by the million, and a tenth of its time would go to malloc.
// None is used twice, for a program may keep one by mistake into its next
// execution, which has to be noticed.
const handlesAtOnce = 32

func newHandle(f func()) *JoinHandle[Void] {
	t := engine.Current()
	if t == nil {
		return &JoinHandle[Void]{plain: f}
	}
	unused := t.Allocated()
	free, _ := (*unused).(*[]JoinHandle[Void])
	if free == nil {
		free = new([]JoinHandle[Void])
		*unused = free
	}
	if len(*free) == 0 {
		*free = make([]JoinHandle[Void], handlesAtOnce)
	}
	h := &(*free)[0]
	*free = (*free)[1:]
	h.plain = f
	return h
}
