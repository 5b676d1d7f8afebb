package cell

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/marker"
)

// A MappedRef is a Ref of a part of the value, such as one field: see [Map].
// What Ref says of Release holds here too. In Rust a mapped Ref is a Ref.
type MappedRef[U any] struct {
	_ marker.NoSend
	m mapping[U]
}

// A MappedRefMut is a RefMut of a part of the value: see [MapMut]. What RefMut
// says of Release holds here too. In Rust a mapped RefMut is a RefMut.
type MappedRefMut[U any] struct {
	_ marker.NoSend
	m mapping[U]
}

// A mapping is a borrow of a part, whatever the whole is.
type mapping[U any] struct {
	cell   *lending // nil after Release
	borrow *borrow  // in checked builds
	at     *access.Location
	part   *U
}

// A Reader is a Ref or a MappedRef of a T.
type Reader[T any] interface{ reading(op string) mapping[T] }

// A Writer is a RefMut or a MappedRefMut of a T.
type Writer[T any] interface{ writing(op string) mapping[T] }

// Map turns r into a Ref of the part of the value to which f returns a pointer.
// r must not be used any more; to keep a Ref of the whole, map a Clone. f must
// return a pointer into what it was given, and not write through it; if it
// returns nil, Map panics with a [*MapError]. With a panic the borrow ends. It is
// Rust's Ref::map.
func Map[T, U any, R Reader[T]](r R, f func(v *T) *U) MappedRef[U] {
	m, ok := mapTo(r.reading("Map"), f)
	if !ok {
		r.reading("Map").end()
		panic(&MapError{"Map"})
	}
	return MappedRef[U]{m: m}
}

// FilterMap is Map for a part that may not be there. If f returns nil, it reports
// false, and r stays valid. It is Rust's Ref::filter_map.
func FilterMap[T, U any, R Reader[T]](r R, f func(v *T) *U) (part MappedRef[U], ok bool) {
	part.m, ok = mapTo(r.reading("FilterMap"), f)
	return part, ok
}

// MapMut is Map for a RefMut, whose part may be written. It is Rust's RefMut::map.
func MapMut[T, U any, R Writer[T]](r R, f func(v *T) *U) MappedRefMut[U] {
	m, ok := mapTo(r.writing("MapMut"), f)
	if !ok {
		r.writing("MapMut").end()
		panic(&MapError{"MapMut"})
	}
	return MappedRefMut[U]{m: m}
}

// FilterMapMut is MapMut for a part that may not be there. If f returns nil, it
// reports false, and r stays valid. It is Rust's RefMut::filter_map.
func FilterMapMut[T, U any, R Writer[T]](r R, f func(v *T) *U) (part MappedRefMut[U], ok bool) {
	part.m, ok = mapTo(r.writing("FilterMapMut"), f)
	return part, ok
}

// mapTo ends whole's record and begins the part's, unless f returns nil. If f
// panics, the borrow ends.
func mapTo[T, U any](whole mapping[T], f func(v *T) *U) (m mapping[U], ok bool) {
	returned := false
	defer func() {
		if !returned {
			whole.end()
		}
	}()
	part := f(whole.part)
	returned = true
	if part == nil {
		return m, false
	}
	whole.cell.forget(whole.borrow)
	return mapping[U]{whole.cell, whole.cell.record(), whole.at, part}, true
}

// end ends the borrow.
func (m mapping[U]) end() {
	m.cell.forget(m.borrow)
	if m.cell.state == writing {
		m.cell.state = 0
		return
	}
	m.cell.state--
}

// check panics unless m still borrows.
func (m mapping[U]) check(kind, op string) {
	if stale(m.cell, m.borrow) {
		panicReleased[U](m.borrow, kind, op)
	}
}

// Get returns the part.
func (r MappedRef[U]) Get() U { return *r.reading("Get").part }

// Ptr returns a pointer to the part. It may be used until Release, and only for reading.
func (r MappedRef[U]) Ptr() *U { return r.reading("Ptr").part }

// Release ends the borrow.
func (r *MappedRef[U]) Release() {
	r.m.check("MappedRef", "Release")
	if r.m.cell.state <= 0 { // a copy was released, and nothing is lent now
		panicReleased[U](r.m.borrow, "MappedRef", "Release")
	}
	r.m.end()
	r.m.cell = nil
}

// Get returns the part.
func (r MappedRefMut[U]) Get() U { return *r.writing("Get").part }

// Set replaces the part by v.
func (r MappedRefMut[U]) Set(v U) { *r.writing("Set").part = v }

// Ptr returns a pointer to the part, which may be used until Release.
func (r MappedRefMut[U]) Ptr() *U { return r.writing("Ptr").part }

// Release ends the borrow.
func (r *MappedRefMut[U]) Release() {
	r.m.check("MappedRefMut", "Release")
	if r.m.cell.state != writing { // a copy was released, and nothing is lent now
		panicReleased[U](r.m.borrow, "MappedRefMut", "Release")
	}
	r.m.end()
	r.m.cell = nil
}

func (r MappedRef[U]) reading(op string) mapping[U] {
	r.m.check("MappedRef", op)
	r.m.at.Read()
	return r.m
}

func (r MappedRefMut[U]) writing(op string) mapping[U] {
	r.m.check("MappedRefMut", op)
	r.m.at.Write()
	return r.m
}

func (r Ref[T]) reading(op string) mapping[T] {
	if r.cell == nil || checked.Build {
		r.check(op)
	}
	return mapping[T]{&r.cell.lending, r.borrow, &r.cell.v.at, &r.cell.v.v}
}

func (r RefMut[T]) writing(op string) mapping[T] {
	if r.cell == nil || checked.Build {
		r.check(op)
	}
	return mapping[T]{&r.cell.lending, r.borrow, &r.cell.v.at, &r.cell.v.v}
}
