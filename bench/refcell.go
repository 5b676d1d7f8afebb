package bench

import (
	"runtime"
	"sync"

	"github.com/fearless-go/fearless/cell"
)

func refcellCases() []Case {
	mutex := Subject{By: "sync.Mutex", New: func() func(int) {
		m, x := new(sync.Mutex), new(int)
		return func(n int) {
			for range n {
				m.Lock()
				*x++
				m.Unlock()
			}
		}
	}}
	return []Case{
		{
			Name: "refcell/borrow",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					c := cell.NewRefCell(1)
					return func(n int) {
						sum := 0
						for range n {
							r := c.Borrow()
							sum += r.Get()
							r.Release()
						}
						runtime.KeepAlive(sum)
					}
				}}, mutex,
			},
		},
		{
			Name: "refcell/borrow-mut",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					c := cell.NewRefCell(1)
					return func(n int) {
						for range n {
							r := c.BorrowMut()
							*r.Ptr()++
							r.Release()
						}
					}
				}}, mutex,
			},
		},
	}
}
