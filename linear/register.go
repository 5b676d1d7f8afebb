package linear

// Register is a variable of value v at first, with Write, Read and CompareAndSwap.
func Register[T comparable](v T) Spec[T, Op[T], Result[T]] {
	return Spec[T, Op[T], Result[T]]{
		Name: "register",
		Init: func() T { return v },
		Step: func(s T, op Op[T]) []Outcome[T, Result[T]] {
			switch op.Method {
			case "Write":
				return one(op.arg(), Did[T](true))
			case "Read":
				return one(s, Value(s))
			case "CompareAndSwap":
				if s == op.arg() {
					return one(op.Args[1], Did[T](true))
				}
				return one(s, Did[T](false))
			}
			return unknown[T, Result[T]]("register", op)
		},
	}
}

// Write of a [Register] returns Did(true).
func Write[T any](v T) Op[T] { return Op[T]{"Write", []T{v}} }

// Read of a [Register] returns its Value.
func Read[T any]() Op[T] { return Op[T]{Method: "Read"} }

// CompareAndSwap of a [Register] returns whether it swapped, by Did.
func CompareAndSwap[T any](old, new T) Op[T] { return Op[T]{"CompareAndSwap", []T{old, new}} }
