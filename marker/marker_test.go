package marker_test

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/fearless-go/fearless/marker"
)

func ExampleNoSend() {
	// A handle of a library that wants every call from one thread.
	type Handle struct {
		_  marker.NoSend
		id int
	}
	h := Handle{id: 3}
	// go func() { use(h) }()     fearless vet: Handle is not Send
	fmt.Println(h.id)
	// Output: 3
}

func ExampleNoSync() {
	// May move to another goroutine, but two must not use it at once.
	type Buffer struct {
		_    marker.NoSync
		data []byte
	}
	b := &Buffer{data: []byte("mine")}
	fmt.Printf("%s\n", b.data)
	// Output: mine
}

func ExamplePhantomData() {
	// An index into an arena of Ts is Send if T is.
	type Index[T any] struct {
		_ marker.PhantomData[T]
		n uint32
	}
	i := Index[string]{n: 7}
	fmt.Println(i.n)
	// Output: 7
}

func TestMarkersTakeNoSpace(t *testing.T) {
	size := unsafe.Sizeof(struct {
		_ marker.NoSend
		_ marker.NoSync
		_ marker.PhantomData[string]
		N uint32
	}{})
	if size != 4 {
		t.Errorf("a uint32 with markers takes %d bytes, want 4", size)
	}
}

// A type may be a phantom of itself, as a node of a list is.
type node struct {
	_    marker.PhantomData[node]
	next uint32
}

func TestPhantomOfItself(t *testing.T) {
	if n := (node{next: 1}); n.next != 1 {
		t.Error(n)
	}
}

// Markers do not take the comparison of a struct away.
func TestMarkersCompare(t *testing.T) {
	type id struct {
		_ marker.NoSend
		_ marker.PhantomData[func()]
		n int
	}
	seen := map[id]bool{{n: 1}: true}
	if !seen[id{n: 1}] || seen[id{n: 2}] {
		t.Error("values compare wrongly")
	}
}
