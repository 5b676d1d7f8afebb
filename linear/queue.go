package linear

import (
	"reflect"
	"slices"
)

// Queue is an empty queue of at most capacity elements, 0 for any number, with
// Enqueue and Dequeue, which fail where Put and Take wait.
func Queue[T any](capacity int) Spec[[]T, Op[T], Result[T]] {
	return Spec[[]T, Op[T], Result[T]]{
		Name: "queue",
		Init: func() []T { return nil },
		Step: func(s []T, op Op[T]) []Outcome[[]T, Result[T]] {
			full, empty := capacity > 0 && len(s) == capacity, len(s) == 0
			switch op.Method {
			case "Enqueue", "Put":
				switch {
				case !full:
					return one(append(slices.Clip(s), op.arg()), Did[T](true))
				case op.Method == "Enqueue":
					return one(s, Did[T](false))
				}
				return nil
			case "Dequeue", "Take":
				switch {
				case !empty:
					return one(s[1:], Value(s[0]))
				case op.Method == "Dequeue":
					return one(s, Did[T](false))
				}
				return nil
			}
			return unknown[[]T, Result[T]]("queue", op)
		},
		Equal: sameElements[T],
	}
}

func sameElements[T any](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return reflect.DeepEqual(x, y) })
}

// Enqueue of a [Queue] returns whether there was room, by Did.
func Enqueue[T any](v T) Op[T] { return Op[T]{"Enqueue", []T{v}} }

// Dequeue of a [Queue] returns the oldest element, if there is one, by Got.
func Dequeue[T any]() Op[T] { return Op[T]{Method: "Dequeue"} }

// Put into a [Queue] waits for room and returns Did(true).
func Put[T any](v T) Op[T] { return Op[T]{"Put", []T{v}} }

// Take from a [Queue] waits for an element and returns its Value.
func Take[T any]() Op[T] { return Op[T]{Method: "Take"} }
