package linear

// Counter is a number, n at first, with Increase, Add, FetchAdd and Count.
func Counter(n int) Spec[int, Op[int], Result[int]] {
	return Spec[int, Op[int], Result[int]]{
		Name: "counter",
		Init: func() int { return n },
		Step: func(s int, op Op[int]) []Outcome[int, Result[int]] {
			switch op.Method {
			case "Increase":
				return one(s+op.arg(), Did[int](true))
			case "Add":
				return one(s+op.arg(), Value(s+op.arg()))
			case "FetchAdd":
				return one(s+op.arg(), Value(s))
			case "Count":
				return one(s, Value(s))
			}
			return unknown[int, Result[int]]("counter", op)
		},
	}
}

// Increase of a [Counter] adds n, tells nothing of the number, and returns Did(true).
func Increase(n int) Op[int] { return Op[int]{"Increase", []int{n}} }

// Add of a [Counter] returns the Value after it, as in package sync/atomic.
func Add(n int) Op[int] { return Op[int]{"Add", []int{n}} }

// FetchAdd of a [Counter] returns the Value before it, as in package atomic.
func FetchAdd(n int) Op[int] { return Op[int]{"FetchAdd", []int{n}} }

// Count of a [Counter] returns its Value.
func Count() Op[int] { return Op[int]{Method: "Count"} }
