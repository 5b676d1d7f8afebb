//go:build !fearless_model

package lock_test

import (
	"testing"
	"unsafe"

	"github.com/fearless-go/fearless/lock"
)

// A lock is small, because a service has a million of them: what waiting needs is
// made when somebody waits. Sizes are bytes with pointers of 64 and of 32 bits.
func TestSizes(t *testing.T) {
	type three [3]uint64
	for _, s := range []struct {
		name       string
		size       uintptr
		on64, on32 uintptr
	}{
		{"Mutex[int]", unsafe.Sizeof(lock.Mutex[int]{}), 24, 12},
		{"Mutex[three]", unsafe.Sizeof(lock.Mutex[three]{}), 40, 32},
		{"RWLock[int]", unsafe.Sizeof(lock.RWLock[int]{}), 24, 16},
		{"RWLock[struct{}]", unsafe.Sizeof(lock.RWLock[struct{}]{}), 24, 16}, // a last field of no size has a word, so that its address is its own
		{"RWLock[three]", unsafe.Sizeof(lock.RWLock[three]{}), 40, 36},
		{"Condvar", unsafe.Sizeof(lock.Condvar{}), 8, 4},
		{"Once", unsafe.Sizeof(lock.Once{}), 8, 4},
		{"OnceLock[int]", unsafe.Sizeof(lock.OnceLock[int]{}), 16, 8},
		{"OnceLock[bool]", unsafe.Sizeof(lock.OnceLock[bool]{}), 16, 8},
		{"OnceLock[three]", unsafe.Sizeof(lock.OnceLock[three]{}), 32, 28},
		{"LazyLock[int]", unsafe.Sizeof(lock.LazyLock[int]{}), 24, 12},
		{"Barrier", unsafe.Sizeof(lock.Barrier{}), 16, 8},
	} {
		want := s.on64
		if unsafe.Sizeof(uintptr(0)) == 4 {
			want = s.on32
		}
		if s.size != want {
			t.Errorf("%s is %d bytes, not %d", s.name, s.size, want)
		}
	}
}
