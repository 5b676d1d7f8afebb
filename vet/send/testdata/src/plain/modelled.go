package plain

import (
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// In a model, too, a Cell is for one goroutine.
func explored() model.Report {
	return model.Explore(func() {
		var data cell.Cell[int]
		thread.Go(func() { data.Set(1) }).Join() // want "`data` is captured by another goroutine, but cell.Cell.int. is not Sync"
	})
}

// This one runs outside of the model as well.
func both() model.Report {
	share()
	return model.Explore(share)
}

func share() {
	var data cell.UnsafeCell[int]
	thread.Go(func() { data.WithMut(func(p *int) { *p++ }) }).Join() // want "`data` is captured by another goroutine, but cell.UnsafeCell.int. is not Sync"
}
