package model

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/engine"
)

// Freed says that the memory of *object is given back, to a pool or a list of free
// nodes, say: nobody may use it any more. It is watched for the rest of the execution,
// and an execution in which a thread uses it is a failure of kind UseAfterFree, unless
// the use happens before the call of Freed. So is a second call for the same object. A
// use of an object that a thread takes up again later counts, too: make a new one in
// the model.
//
// What is watched is every atomic, cell and lock of this library in *object, also in
// the structs and arrays that it is made of, but not behind pointers, slices, maps,
// interfaces and functions. Plain fields are not watched: put what matters into a
// cell.UnsafeCell. Freed panics if there is nothing to watch, or object is nil.
//
// Outside of a model it does nothing. It synchronizes nothing.
func Freed[T any](object *T) {
	if object == nil {
		panic(fmt.Errorf("model: Freed(nil): give a pointer to what is freed"))
	}
	t := engine.Current()
	if t == nil {
		return
	}
	var f parts
	f.collect(reflect.TypeFor[T](), unsafe.Pointer(object))
	if len(f.atomics) == 0 && len(f.plain) == 0 {
		panic(fmt.Errorf("model: Freed: a %v has no atomic, cell or lock of this library in it: what uses it cannot be watched", reflect.TypeFor[T]()))
	}
	t.Freed(f.atomics, f.plain)
}

// parts is what the engine knows an object's memory by.
type parts struct{ atomics, plain []*engine.Tag }

// collect finds the parts of the value of that type at p.
func (f *parts) collect(t reflect.Type, p unsafe.Pointer) {
	switch {
	case t == reflect.TypeFor[engine.Tag]():
		f.atomics = append(f.atomics, (*engine.Tag)(p))
	case t == reflect.TypeFor[access.Location]():
		var in parts
		in.fields(t, p)
		f.plain = append(f.plain, in.atomics...)
	case t.Kind() == reflect.Struct:
		f.fields(t, p)
	case t.Kind() == reflect.Array:
		for i := range t.Len() {
			f.collect(t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()))
		}
	}
}

func (f *parts) fields(t reflect.Type, p unsafe.Pointer) {
	for i := range t.NumField() {
		field := t.Field(i)
		f.collect(field.Type, unsafe.Add(p, field.Offset))
	}
}
