package bench

import (
	"sync/atomic"

	"github.com/fearless-go/fearless/arc"
)

const ownersAreCalls = "Clone and Drop are the two additions with a comparison after each, behind a call each: with a way out for an owner that was dropped or is tracked " +
	"they cost the inliner 130 and 144 of its 80, and a prototype of nothing but an addition, a comparison and that way out 85 and 88."

func arcCases() []Case {
	twoAdds := func(p *atomic.Int64, n int) {
		for range n {
			p.Add(1)
			must(p.Add(-1) >= 0, "below zero")
		}
	}
	cloneDrop := func(a arc.Arc[int], n int) {
		for range n {
			c := a.Clone()
			c.Drop()
		}
	}
	return []Case{
		{
			Name: "arc/clone-drop",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					a := arc.New(1)
					return func(n int) { cloneDrop(a, n) }
				}},
				{By: "two adds", New: func() func(int) {
					p := new(atomic.Int64)
					return func(n int) { twoAdds(p, n) }
				}},
			},
			Targets: []Target{{Of: "two adds", Most: 1.05, Limit: ownersAreCalls}},
		},
		{
			Name: "arc/clone-drop/all-cores", Contended: true,
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					a := arc.New(1)
					return func(n int) { parallel(cores(), n, func(n int) { cloneDrop(a, n) }) }
				}},
				{By: "two adds", New: func() func(int) {
					p := new(atomic.Int64)
					return func(n int) { parallel(cores(), n, func(n int) { twoAdds(p, n) }) }
				}},
			},
			Targets: []Target{{Of: "two adds", Most: 1.05, Limit: ownersAreCalls}},
		},
		{
			Name: "arc/weak-upgrade",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					a := arc.New(1)
					w := a.Downgrade()
					return func(n int) {
						for range n {
							c, ok := w.Upgrade()
							must(ok, "the value is gone")
							c.Drop()
						}
						must(a.Get() == 1, "another value")
					}
				}},
				{By: "CAS and add", New: func() func(int) {
					p := new(atomic.Int64)
					p.Store(1)
					return func(n int) {
						for range n {
							for {
								old := p.Load()
								if old == 0 || p.CompareAndSwap(old, old+1) {
									break
								}
							}
							p.Add(-1)
						}
					}
				}},
			},
		},
	}
}
