//go:build fearless_model

package model_test

import (
	"math"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
)

// updatable is what every atomic number has.
type updatable[T any] interface {
	FetchXor(T, atomic.Ordering) T
	FetchNand(T, atomic.Ordering) T
	FetchMax(T, atomic.Ordering) T
	FetchMin(T, atomic.Ordering) T
	FetchAdd(T, atomic.Ordering) T
	FetchSub(T, atomic.Ordering) T
	FetchAnd(T, atomic.Ordering) T
	FetchOr(T, atomic.Ordering) T
	Swap(T, atomic.Ordering) T
	Load(atomic.Ordering) T
}

type number interface {
	int8 | int16 | int32 | int64 | int | uint8 | uint16 | uint32 | uint64 | uint | uintptr
}

// sameInTheModel compares each update in the model with what Go computes.
func sameInTheModel[T number](t *testing.T, name string, make func(T) updatable[T], values ...T) {
	t.Helper()
	ops := []struct {
		name string
		do   func(x updatable[T], v T) T
		want func(old, v T) T
	}{
		{"FetchXor", func(x updatable[T], v T) T { return x.FetchXor(v, seqCst) }, func(old, v T) T { return old ^ v }},
		{"FetchNand", func(x updatable[T], v T) T { return x.FetchNand(v, seqCst) }, func(old, v T) T { return ^(old & v) }},
		{"FetchMax", func(x updatable[T], v T) T { return x.FetchMax(v, seqCst) }, func(old, v T) T { return max(old, v) }},
		{"FetchMin", func(x updatable[T], v T) T { return x.FetchMin(v, seqCst) }, func(old, v T) T { return min(old, v) }},
		{"FetchAdd", func(x updatable[T], v T) T { return x.FetchAdd(v, seqCst) }, func(old, v T) T { return old + v }},
		{"FetchSub", func(x updatable[T], v T) T { return x.FetchSub(v, seqCst) }, func(old, v T) T { return old - v }},
		{"FetchAnd", func(x updatable[T], v T) T { return x.FetchAnd(v, seqCst) }, func(old, v T) T { return old & v }},
		{"FetchOr", func(x updatable[T], v T) T { return x.FetchOr(v, seqCst) }, func(old, v T) T { return old | v }},
		{"Swap", func(x updatable[T], v T) T { return x.Swap(v, seqCst) }, func(_, v T) T { return v }},
	}
	for _, op := range ops {
		for _, old := range values {
			model.Check(t, func() {
				for _, v := range values {
					x := make(old)
					if got, next := op.do(x, v), x.Load(seqCst); got != old || next != op.want(old, v) {
						panic(name + "." + op.name + " is wrong in the model")
					}
				}
			})
		}
	}
}

func TestUpdatesAreWhatTheyAreOutside(t *testing.T) {
	sameInTheModel(t, "Int8", func(v int8) updatable[int8] { return atomic.NewInt8(v) }, 0, 1, -1, 5, math.MaxInt8, math.MinInt8)
	sameInTheModel(t, "Int16", func(v int16) updatable[int16] { return atomic.NewInt16(v) }, 0, 1, -1, 5, math.MaxInt16, math.MinInt16)
	sameInTheModel(t, "Int32", func(v int32) updatable[int32] { return atomic.NewInt32(v) }, 0, 1, -1, 5, math.MaxInt32, math.MinInt32)
	sameInTheModel(t, "Int64", func(v int64) updatable[int64] { return atomic.NewInt64(v) }, 0, 1, -1, 5, math.MaxInt64, math.MinInt64)
	sameInTheModel(t, "Int", func(v int) updatable[int] { return atomic.NewInt(v) }, 0, 1, -1, 5, math.MaxInt, math.MinInt)
	sameInTheModel(t, "Uint8", func(v uint8) updatable[uint8] { return atomic.NewUint8(v) }, 0, 1, 5, math.MaxUint8, 1<<7)
	sameInTheModel(t, "Uint16", func(v uint16) updatable[uint16] { return atomic.NewUint16(v) }, 0, 1, 5, math.MaxUint16, 1<<15)
	sameInTheModel(t, "Uint32", func(v uint32) updatable[uint32] { return atomic.NewUint32(v) }, 0, 1, 5, math.MaxUint32, 1<<31)
	sameInTheModel(t, "Uint64", func(v uint64) updatable[uint64] { return atomic.NewUint64(v) }, 0, 1, 5, math.MaxUint64, 1<<63)
	sameInTheModel(t, "Uint", func(v uint) updatable[uint] { return atomic.NewUint(v) }, 0, 1, 5, math.MaxUint, 1<<31)
	sameInTheModel(t, "Uintptr", func(v uintptr) updatable[uintptr] { return atomic.NewUintptr(v) }, 0, 1, 5, ^uintptr(0), 1<<31)
	for name, op := range map[string]struct {
		do   func(x *atomic.Bool, v bool) bool
		want func(old, v bool) bool
	}{
		"FetchAnd":  {func(x *atomic.Bool, v bool) bool { return x.FetchAnd(v, seqCst) }, func(old, v bool) bool { return old && v }},
		"FetchOr":   {func(x *atomic.Bool, v bool) bool { return x.FetchOr(v, seqCst) }, func(old, v bool) bool { return old || v }},
		"FetchXor":  {func(x *atomic.Bool, v bool) bool { return x.FetchXor(v, seqCst) }, func(old, v bool) bool { return old != v }},
		"FetchNand": {func(x *atomic.Bool, v bool) bool { return x.FetchNand(v, seqCst) }, func(old, v bool) bool { return !(old && v) }},
		"FetchNot":  {func(x *atomic.Bool, _ bool) bool { return x.FetchNot(seqCst) }, func(old, _ bool) bool { return !old }},
	} {
		model.Check(t, func() {
			for i := range 4 {
				old, v := i&1 != 0, i&2 != 0
				x := atomic.NewBool(old)
				if got, next := op.do(x, v), x.Load(seqCst); got != old || next != op.want(old, v) {
					panic("Bool." + name + " is wrong in the model")
				}
			}
		})
	}
}
