// Package fearless holds the text of the library, for tools that compile
// programs against it where the module itself is not at hand, such as
// "fearless tour -http". A program imports the packages below this one:
// thread, lock, atomic, arc, rc, cell and marker.
//
// Begin reading at [Source]. What is embedded are files, not packages: nothing
// here may import the library, so that a program that uses the library never
// links its text.
package fearless

import (
	"embed"
	"io/fs"
)

//go:embed atomic/*.go thread/*.go lock/*.go arc/*.go rc/*.go cell/*.go marker/*.go
//go:embed model/*.go litmus/*.go book/*.go internal/*/*.go internal/engine/*/*.go internal/*/*.s internal/trace/viewer
var source embed.FS

// Source returns the Go files of the library, of packages model, litmus and
// book, and of what they import of this module, under their paths in it.
func Source() fs.FS { return source }
