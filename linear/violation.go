package linear

import (
	"fmt"
	"slices"
)

func newViolation(spec string, ops []*operation, before [][]int, explained int, given string) *Violation {
	v := &Violation{Spec: spec, Explained: explained, orders: given}
	for i, o := range ops {
		told := Operation{Thread: o.thread, Op: fmt.Sprint(o.op), After: direct(before, i)}
		if !o.pending {
			told.Result = fmt.Sprint(o.result)
		}
		v.Operations = append(v.Operations, told)
	}
	return v
}

// direct is the operations before i that come before no other one before i.
func direct(before [][]int, i int) (list []int) {
	for _, p := range before[i] {
		if !slices.ContainsFunc(before[i], func(q int) bool { return slices.Contains(before[q], p) }) {
			list = append(list, p)
		}
	}
	return list
}
