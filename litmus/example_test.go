package litmus_test

import (
	"context"
	"fmt"
	"os"

	"github.com/fearless-go/fearless/litmus"
)

// Two threads publish and look: with Relaxed both may miss the other's store.
func ExampleRun() {
	p, err := litmus.ParseC("SB.litmus", []byte(`C SB
{ x = 0; y = 0; }
P0 (atomic_int* x, atomic_int* y) {
  atomic_store_explicit(x, 1, memory_order_relaxed);
  int r0 = atomic_load_explicit(y, memory_order_relaxed);
}
P1 (atomic_int* x, atomic_int* y) {
  atomic_store_explicit(y, 1, memory_order_relaxed);
  int r0 = atomic_load_explicit(x, memory_order_relaxed);
}
exists (0:r0=0 /\ 1:r0=0)`))
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := litmus.Run(context.Background(), p, litmus.RC11, litmus.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	res.WriteText(os.Stdout)
	// Output:
	// Test SB Allowed
	// States 4
	// 0:r0=0; 1:r0=0;
	// 0:r0=0; 1:r0=1;
	// 0:r0=1; 1:r0=0;
	// 0:r0=1; 1:r0=1;
	// Ok
	// Witnesses
	// Positive: 1 Negative: 3
	// Condition exists (0:r0=0 /\ 1:r0=0)
	// Observation SB Sometimes 1 3
}

// The message of an error says where and what was expected.
func ExampleParseError() {
	_, err := litmus.ParseC("bad.litmus", []byte("C bad\n{ x = 0; }\nP0 (atomic_int* x) { *x = 1 }\n"))
	fmt.Println(err)
	// Output: bad.litmus:3:29: expected ";", found "}"
}
