//go:build !fearless_model

package word

// Lock is the word of a lock.
type Lock = Uint32

// LockIsEvent and SpinLockIsEvent report whether a lock is to use Enter and
// TryEnter, which only the model has, and no other way in.
func LockIsEvent() bool     { return false }
func SpinLockIsEvent() bool { return false }

// Enter is the model's.
func Enter(*Lock, uint32, uint32) (old uint32) { panic("word: Enter outside of the model") }

// TryEnter is the model's.
func TryEnter(*Lock, uint32, uint32, func() bool) bool {
	panic("word: TryEnter outside of the model")
}
