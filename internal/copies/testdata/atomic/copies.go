// Package copies copies what must not be copied.
package copies

import "github.com/fearless-go/fearless/atomic"

type all struct {
	b   atomic.Bool
	i8  atomic.Int8
	i16 atomic.Int16
	i32 atomic.Int32
	i64 atomic.Int64
	i   atomic.Int
	u8  atomic.Uint8
	u16 atomic.Uint16
	u32 atomic.Uint32
	u64 atomic.Uint64
	u   atomic.Uint
	up  atomic.Uintptr
	p   atomic.Ptr[int]
}

func copies(a *all) {
	_ = a.b   // want
	_ = a.i8  // want
	_ = a.i16 // want
	_ = a.i32 // want
	_ = a.i64 // want
	_ = a.i   // want
	_ = a.u8  // want
	_ = a.u16 // want
	_ = a.u32 // want
	_ = a.u64 // want
	_ = a.u   // want
	_ = a.up  // want
	_ = a.p   // want
	_ = *a    // want
	p := &a.b // a pointer is no copy
	_ = p
}
