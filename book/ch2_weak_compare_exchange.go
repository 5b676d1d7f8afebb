package book

import (
	"context"
	"fmt"
	"io"
)

// WeakCompareExchange compares with what is there, and fails nevertheless. The weak
// form may do so, for that is cheaper on processors that watch a line of the
// cache instead of a value. In a loop that tries again anyway it costs nothing.
func WeakCompareExchange(ctx context.Context, _ io.Reader, out *Stdout) {
	for _, form := range []string{"strong", "weak"} {
		result := explored(ctx, fmt.Sprintf(`C %s
{ x = 0; }
P0 (atomic_int* x) {
  int expected = 0;
  int r0 = atomic_compare_exchange_%s_explicit(x, &expected, 1, memory_order_relaxed, memory_order_relaxed);
}
exists (0:r0=0)
`, form, form))
		fmt.Fprintf(out, "%s: it can end in %d ways\n", form, len(result.States))
		for i := range result.States {
			fmt.Fprintf(out, "  x = %d\n", result.States[i].Vars[0])
		}
	}
}
