// Package imports goes through wrappers that another package has.
package imports

import (
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/vet/send/testdata/src/wrapper"
)

func wrapped(r rc.Rc[int]) {
	wrapper.Run(func() { r.Get() }) // want "`r` is captured by another goroutine"
}

func generic(c chan rc.Rc[int], r rc.Rc[int]) {
	wrapper.Send(c, r) // want "Send sends a value of its type argument to another goroutine"
}

func fine(o *wrapper.Opted) {
	wrapper.Run(func() { _ = o })
}
