package linear

import (
	"fmt"
	"strings"
)

// An Op is an operation of the ready specifications: a method's name and its
// arguments. Functions such as [Push] make them.
type Op[T any] struct {
	Method string
	Args   []T
}

// String is as in "Push(3)".
func (o Op[T]) String() string {
	args := make([]string, len(o.Args))
	for i, a := range o.Args {
		args[i] = fmt.Sprint(a)
	}
	return o.Method + "(" + strings.Join(args, ", ") + ")"
}

func (o Op[T]) arg() T { return o.Args[0] }

// A Result is what an operation of the ready specifications returned: whether it
// did what it is for, and the value, if it has one.
type Result[T any] struct {
	Value T
	OK    bool
	value bool // it has one
}

// Got is the result of an operation that returns a value, or none: the two
// results of a Pop, say. The value counts only if ok.
func Got[T any](v T, ok bool) Result[T] {
	if !ok {
		return Result[T]{}
	}
	return Result[T]{Value: v, OK: true, value: true}
}

// Value is the result of an operation that always returns one.
func Value[T any](v T) Result[T] { return Got(v, true) }

// Did is the result of an operation without a value: whether it did what it is for.
func Did[T any](ok bool) Result[T] { return Result[T]{OK: ok} }

// String is as in "3", "true" or "false".
func (r Result[T]) String() string {
	if r.value {
		return fmt.Sprint(r.Value)
	}
	return fmt.Sprint(r.OK)
}
