package linear

import "slices"

// Stack is an empty stack of at most capacity elements, 0 for any number, with Push
// and Pop.
func Stack[T any](capacity int) Spec[[]T, Op[T], Result[T]] {
	return Spec[[]T, Op[T], Result[T]]{
		Name: "stack",
		Init: func() []T { return nil },
		Step: func(s []T, op Op[T]) []Outcome[[]T, Result[T]] {
			switch op.Method {
			case "Push":
				if capacity > 0 && len(s) == capacity {
					return one(s, Did[T](false))
				}
				return one(append(slices.Clip(s), op.arg()), Did[T](true))
			case "Pop":
				if len(s) == 0 {
					return one(s, Did[T](false))
				}
				last := len(s) - 1
				return one(s[:last:last], Value(s[last]))
			}
			return unknown[[]T, Result[T]]("stack", op)
		},
		Equal: sameElements[T],
	}
}

// Push of a [Stack] returns whether there was room, by Did.
func Push[T any](v T) Op[T] { return Op[T]{"Push", []T{v}} }

// Pop of a [Stack] returns the element pushed last, by Got.
func Pop[T any]() Op[T] { return Op[T]{Method: "Pop"} }
