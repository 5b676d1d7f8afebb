package linear

// Set is a set that is empty at first, with Insert, Remove and Contains. Each
// element is judged apart.
func Set[T comparable]() Spec[bool, Op[T], Result[T]] {
	return Spec[bool, Op[T], Result[T]]{
		Name: "set",
		Init: func() bool { return false },
		Part: func(op Op[T]) any { return op.arg() },
		Step: func(in bool, op Op[T]) []Outcome[bool, Result[T]] {
			switch op.Method {
			case "Insert":
				return one(true, Did[T](!in))
			case "Remove":
				return one(false, Did[T](in))
			case "Contains":
				return one(in, Did[T](in))
			}
			return unknown[bool, Result[T]]("set", op)
		},
	}
}

// Insert of a [Set] returns whether v was not there, by Did.
func Insert[T any](v T) Op[T] { return Op[T]{"Insert", []T{v}} }

// Remove of a [Set] returns whether v was there, by Did.
func Remove[T any](v T) Op[T] { return Op[T]{"Remove", []T{v}} }

// Contains of a [Set] returns whether v is there, by Did.
func Contains[T any](v T) Op[T] { return Op[T]{"Contains", []T{v}} }
