package main

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/examples/rejected"
)

// rejectedPrefix starts the names of the refused programs in a tour.
const rejectedPrefix = "rejected-"

// rejectedPrograms returns the refused programs as stops of a tour. A tour does
// not run them: it shows what is found in them.
func rejectedPrograms() []book.Program {
	var stops []book.Program
	for _, p := range rejected.Programs() {
		stops = append(stops, book.Program{
			Name:   rejectedPrefix + p.Name,
			Title:  p.Title,
			Shows:  fmt.Sprintf("Rust's compiler: %s. This is not run; \"fearless tour -source %s\" shows it. The rule %s of fearless vet says:", p.Rust, rejectedPrefix+p.Name, p.Rule),
			Source: p.Source,
			Main: func(_ context.Context, _ io.Reader, out *book.Stdout) {
				for _, finding := range p.Findings() {
					fmt.Fprintln(out, finding)
				}
			},
		})
	}
	return stops
}
