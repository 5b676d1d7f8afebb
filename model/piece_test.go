//go:build fearless_model

package model

import (
	"reflect"
	"testing"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/pieces"
)

// filled is a Seen in which no field is zero, whichever fields there are.
func filled(t *testing.T) *engine.Seen {
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Int:
			v.SetInt(7)
		case reflect.Uintptr:
			v.SetUint(uint64(base) + 40)
		case reflect.Bool:
			v.SetBool(true)
		case reflect.String:
			v.SetString("x.go:1")
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0))
			fill(v.Index(1))
		default:
			t.Fatalf("engine.Seen has a %s: say how it goes to another process", v.Type())
		}
	}
	s := new(engine.Seen)
	for i := range reflect.TypeFor[engine.Seen]().NumField() {
		fill(reflect.ValueOf(s).Elem().Field(i))
	}
	return s
}

// What one process has met reaches the report of a shared exploration, whole:
// what is lost on the way would be claimed not to be there.
func TestWhatWorkersMeetIsNotLost(t *testing.T) {
	want := filled(t)
	if got := fromPiece(toPiece(want)); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	var sum pieces.Result
	sum.Add(&pieces.Result{Seen: toPiece(want)})
	for i := range reflect.TypeFor[pieces.Seen]().NumField() {
		if reflect.ValueOf(sum.Seen).Field(i).IsZero() {
			t.Errorf("results add up without %s", reflect.TypeFor[pieces.Seen]().Field(i).Name)
		}
	}
}
