package book

import "fmt"

// announced is a value that tells when it is dropped.
type announced struct {
	out  *Stdout
	name string
}

func (a announced) Drop() { fmt.Fprintf(a.out, "%s: dropped\n", a.name) }
