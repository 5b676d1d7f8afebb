package silent

import (
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// The model looks at each access to an UnsafeCell: it is shared to be checked.
func explored() model.Report {
	return model.Explore(func() {
		var ready atomic.Bool
		var data cell.UnsafeCell[int]
		w := thread.Go(func() {
			data.WithMut(func(p *int) { *p = 42 })
			ready.Store(true, atomic.Release)
		})
		handOver(&data)
		w.Join()
	})
}

// Only the model's program calls this.
func handOver(data *cell.UnsafeCell[int]) {
	thread.Go(func() { data.With(func(p *int) { _ = *p }) }).Join()
}

func alone() model.Report { return model.Explore(program) }

func program() {
	var data cell.UnsafeCell[int]
	thread.Go(func() { data.WithMut(func(p *int) { *p++ }) }).Join()
}
