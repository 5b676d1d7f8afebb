package linear

// Mutex is a lock that nobody holds at first, with Lock, TryLock and Unlock. A
// TryLock fails only while the lock is held.
func Mutex() Spec[bool, Op[bool], Result[bool]] {
	return Spec[bool, Op[bool], Result[bool]]{
		Name: "mutex",
		Init: func() bool { return false },
		Step: func(held bool, op Op[bool]) []Outcome[bool, Result[bool]] {
			switch op.Method {
			case "Lock":
				if held {
					return nil
				}
				return one(true, Did[bool](true))
			case "TryLock":
				return one(true, Did[bool](!held))
			case "Unlock":
				if !held {
					return nil
				}
				return one(false, Did[bool](true))
			}
			return unknown[bool, Result[bool]]("mutex", op)
		},
	}
}

// Lock of a [Mutex] returns Did(true).
func Lock() Op[bool] { return Op[bool]{Method: "Lock"} }

// TryLock of a [Mutex] returns whether it holds the lock now, by Did.
func TryLock() Op[bool] { return Op[bool]{Method: "TryLock"} }

// Unlock of a [Mutex] returns Did(true).
func Unlock() Op[bool] { return Op[bool]{Method: "Unlock"} }
