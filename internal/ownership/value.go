package ownership

import (
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"runtime/debug"
)

// DropValue runs the Drop or Close method of *v or of T, if there is one, and
// leaves the zero T.
func DropValue[T any](v *T) {
	// Also when the method panics, nothing of the value may stay reachable
	// through the Weaks that are left.
	defer func() {
		var zero T
		*v = zero
	}()
	switch d := methods(v).(type) {
	case interface{ Drop() }:
		d.Drop()
	case interface{ Close() }:
		d.Close()
	case io.Closer:
		// There is nobody to tell: the last Drop may be anyone's.
		_ = d.Close()
	}
}

// CloneValue returns what a Clone method of *v or of T returns, or else a copy.
func CloneValue[T any](v *T) T {
	if c, ok := methods(v).(interface{ Clone() T }); ok {
		return c.Clone()
	}
	return *v
}

// methods returns v, or *v if that has methods of its own: a pointer to a
// pointer or to an interface has none. It returns nil for a nil pointer.
func methods[T any](v *T) any {
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Pointer:
		if reflect.ValueOf(v).Elem().IsNil() {
			return nil
		}
		return *v
	case reflect.Interface:
		return *v
	}
	return v
}

// MaxOwners is how many owners of one kind a value may have. Far below the
// overflow of the counter, because threads that pass the limit at once go on
// counting until the process ends.
const MaxOwners = math.MaxInt / 2

// Abort ends the process: a counter of owners is about to overflow, which
// cannot be undone and must not be recovered from.
func Abort(pkg, typ string) {
	fmt.Fprintf(os.Stderr, "fatal error: %s: more than %d owners of one value (%s); a Clone in a loop lacks its Drop\n\n%s",
		pkg, MaxOwners, typ, debug.Stack())
	os.Exit(2)
}
