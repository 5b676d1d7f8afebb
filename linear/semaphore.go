package linear

// Semaphore is a semaphore with n permits, with Acquire, TryAcquire and Release.
// A TryAcquire fails only while there are too few.
func Semaphore(n int) Spec[int, Op[int], Result[int]] {
	return Spec[int, Op[int], Result[int]]{
		Name: "semaphore",
		Init: func() int { return n },
		Step: func(free int, op Op[int]) []Outcome[int, Result[int]] {
			switch op.Method {
			case "Acquire":
				if free < op.arg() {
					return nil
				}
				return one(free-op.arg(), Did[int](true))
			case "TryAcquire":
				if free < op.arg() {
					return one(free, Did[int](false))
				}
				return one(free-op.arg(), Did[int](true))
			case "Release":
				return one(free+op.arg(), Did[int](true))
			}
			return unknown[int, Result[int]]("semaphore", op)
		},
	}
}

// Acquire of a [Semaphore] waits for n permits and returns Did(true).
func Acquire(n int) Op[int] { return Op[int]{"Acquire", []int{n}} }

// TryAcquire of a [Semaphore] returns whether it has n permits now, by Did.
func TryAcquire(n int) Op[int] { return Op[int]{"TryAcquire", []int{n}} }

// Release of a [Semaphore] gives n permits back and returns Did(true).
func Release(n int) Op[int] { return Op[int]{"Release", []int{n}} }
