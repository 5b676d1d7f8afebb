package book

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// RelaxedOutOfOrder stores to two variables in one thread, and reads them in
// another in the opposite order. Relaxed keeps the order of each variable and
// nothing between two, so the second store may be seen without the first. Hardly
// any laptop shows it; so a model goes through all that C11 allows.
func RelaxedOutOfOrder(ctx context.Context, _ io.Reader, out *Stdout) {
	result := explored(ctx, `C two-variables
{ x = 0; y = 0; }
P0 (atomic_int* x, atomic_int* y) {
  atomic_store_explicit(x, 10, memory_order_relaxed);
  atomic_store_explicit(y, 20, memory_order_relaxed);
}
P1 (atomic_int* x, atomic_int* y) {
  int r0 = atomic_load_explicit(y, memory_order_relaxed);
  int r1 = atomic_load_explicit(x, memory_order_relaxed);
}
exists (1:r0=20 /\ 1:r1=0)
`)
	names := result.Program.Threads[1].Regs
	r0, r1 := slices.Index(names, "r0"), slices.Index(names, "r1")
	for _, s := range result.States {
		y, x := s.Regs[1][r0], s.Regs[1][r1]
		fmt.Fprintf(out, "y = %d, x = %d", y, x)
		if y == 20 && x == 0 {
			fmt.Fprint(out, "    the second store without the first")
		}
		fmt.Fprintln(out)
	}
}
