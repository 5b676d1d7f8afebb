package linear

import (
	"fmt"
	"io"
	"math"
	"sync/atomic"
	"time"

	"github.com/anishathalye/porcupine"
)

// patience is how long porcupine may look for an order.
const patience = 10 * time.Second

// ask has porcupine judge operations that have calls and returns in time.
func (l *log) ask(ops []*operation) error {
	if len(ops) == 0 {
		return nil
	}
	var j judge
	result, info := porcupine.CheckOperationsVerbose(j.model(l.rules), history(ops), patience)
	if p := j.panicked.Load(); p != nil {
		panic(*p)
	}
	switch result {
	case porcupine.Ok:
		return nil
	case porcupine.Unknown:
		return &UndecidedError{l.rules.name, len(ops), patience.String()}
	}
	explained := 0
	for _, part := range info.PartialLinearizations() {
		for _, way := range part {
			explained = max(explained, len(way))
		}
	}
	before := predecessors(ops, func(a, b *operation) bool { return !a.pending && a.back < b.call })
	return newViolation(l.rules.name, ops, before, explained, "which returned before which was called")
}

// visualize draws operations with porcupine's page. Those of a model stand as they
// came in the run.
func (l *log) visualize(ops []*operation, w io.Writer) error {
	m := new(judge).model(l.rules)
	_, info := porcupine.CheckOperationsVerbose(m, history(ops), patience)
	if err := porcupine.Visualize(m, info, w); err != nil {
		return fmt.Errorf("linear: %w", err)
	}
	return nil
}

// A judge is one use of porcupine, which steps on a goroutine of its own: what a
// specification panics with there is kept for who asked.
type judge struct{ panicked atomic.Pointer[any] }

func (j *judge) step(r *rules, state any, o *operation) (next []any) {
	defer func() {
		if p := recover(); p != nil {
			j.panicked.Store(&p)
		}
	}()
	if o.pending {
		next = append(next, state) // it may never take effect
	}
	return append(next, r.after(state, o)...)
}

// model is the specification as porcupine has it.
func (j *judge) model(r *rules) porcupine.Model {
	nd := porcupine.NondeterministicModel{
		Init:  func() []any { return []any{r.init()} },
		Step:  func(state, op, _ any) []any { return j.step(r, state, op.(*operation)) },
		Equal: r.equal,
		DescribeOperation: func(op, _ any) string {
			o := op.(*operation)
			if o.pending {
				return fmt.Sprint(o.op)
			}
			return fmt.Sprintf("%v = %v", o.op, o.result)
		},
	}
	return nd.ToModel()
}

func history(ops []*operation) []porcupine.Operation {
	list := make([]porcupine.Operation, len(ops))
	for i, o := range ops {
		back := o.back
		if o.pending {
			back = math.MaxInt64
		}
		list[i] = porcupine.Operation{ClientId: o.thread, Input: o, Output: o.result, Call: o.call, Return: back}
	}
	return list
}
