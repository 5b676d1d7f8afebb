//go:build fearless_model

package thread

import "github.com/fearless-go/fearless/internal/engine"

// handlesAtOnce is how many handles a modelled program allocates together: it
// starts threads by the million, and a tenth of its time would go to malloc.
// None is used twice, for a program may keep one by mistake into its next
// execution, which has to be noticed.
const handlesAtOnce = 32

// startPlain starts a thread without a result. It is start for the most common
// thread of a modelled program, with fewer steps.
func startPlain(f func()) (*JoinHandle[Void], error) {
	c := engine.Current()
	if c == nil {
		h := &JoinHandle[Void]{plain: f}
		return h, h.start()
	}
	unused := c.Allocated()
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
	if err := startOn(c, &h.thread, runPlain, h); err != nil {
		return nil, err
	}
	h.ending.belongs(&h.thread)
	return h, nil
}

func runPlain(_, h any) { h.(*JoinHandle[Void]).run() }
