//go:build go1.26 && !go1.28 && !fearless_portable && !fearless_model

package lockdebug

import (
	"context"
	"reflect"
	"runtime/pprof"
	"unsafe"

	"github.com/fearless-go/fearless/internal/watch"
)

// Package runtime/pprof can set the labels of a goroutine and read those of a
// context, but not those of a goroutine. The runtime has them as a pointer, to the
// very value that a context carries. So we take the pointer, and let pprof read it
// from a context of ours that hands it out as any other context hands out its own:
// how labels are stored does not matter here. That the pointer is to that value is
// true of the releases in the build tag; TestKnownRelease fails on others, and
// users have no labels there.

func init() { watch.LabelsOfCurrent = labelsOfCurrent }

// The runtime keeps this name and its signature for those who use it.
//
//go:linkname profileLabels runtime/pprof.runtime_getProfLabel
func profileLabels() unsafe.Pointer

// A labelled is a context with the labels of a goroutine.
type labelled struct {
	context.Context
	labels unsafe.Pointer
}

// Value answers pprof, which asks for its own key only.
func (l labelled) Value(any) any { return reflect.NewAt(labelsType, l.labels).Interface() }

// labelsType is the type of what a context with labels carries.
var labelsType = func() reflect.Type {
	var carried any
	with := pprof.WithLabels(context.Background(), pprof.Labels("any", "any"))
	pprof.ForLabels(asked{with, &carried}, func(string, string) bool { return true })
	return reflect.TypeOf(carried).Elem()
}()

// An asked keeps what a context answered last.
type asked struct {
	context.Context
	answer *any
}

func (a asked) Value(key any) any {
	*a.answer = a.Context.Value(key)
	return *a.answer
}

func labelsOfCurrent() map[string]string {
	p := profileLabels()
	if p == nil {
		return nil
	}
	labels := map[string]string{}
	pprof.ForLabels(labelled{context.Background(), p}, func(key, value string) bool {
		labels[key] = value
		return true
	})
	return labels
}
