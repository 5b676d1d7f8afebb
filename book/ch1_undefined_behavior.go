package book

import (
	"context"
	"fmt"
	"io"
)

// UndefinedBehavior asks the model of C11 about a thread that writes a plain
// number while another reads it. No answer would be right: a race is an error of
// the program, and the language promises nothing about what comes of it. With
// an atomic number in its place every answer is one of two.
func UndefinedBehavior(ctx context.Context, _ io.Reader, out *Stdout) {
	for _, kind := range []struct{ name, declared, write, read string }{
		{"a plain number", "int* x", "*x = 1;", "int r0 = *x;"},
		{"an atomic number", "atomic_int* x", "atomic_store_explicit(x, 1, memory_order_relaxed);", "int r0 = atomic_load_explicit(x, memory_order_relaxed);"},
	} {
		result := explored(ctx, fmt.Sprintf("C shared\n{ x = 0; }\nP0 (%s) { %s }\nP1 (%s) { %s }\nexists (1:r0=1)\n",
			kind.declared, kind.write, kind.declared, kind.read))
		fmt.Fprintf(out, "%s: %d executions, %d of them with a data race\n", kind.name, result.Executions, result.Races)
	}
}
