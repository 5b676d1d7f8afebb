package schedtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

func ExampleOrders() {
	o := schedtest.Orders{Schedules: 500, Seen: 37, Once: 2, SinceNew: 120}
	fmt.Println(o)
	fmt.Printf("%.3f\n", o.NextIsNew())
	fmt.Println(schedtest.Orders{Schedules: 50, Seen: 50, Once: 50})
	fmt.Println(schedtest.Orders{Schedules: 50, Seen: 2, SinceNew: 44})
	// Output:
	// 37 orders, the last new one 120 schedules ago; the next schedule has a new one with a chance of about 0.40 %
	// 0.004
	// 50 orders, the last new one 0 schedules ago; the next schedule has a new one with a chance of about 100 %
	// 2 orders, the last new one 44 schedules ago; each came more than once
}

// Two goroutines that add to one variable have two orders, and two that add each
// to its own have one, whichever comes first. Adds of five goroutines have more
// than come in the first schedules.
func TestOrdersAreThoseOfOperationsThatMeetLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync/atomic"
	"testing"
)

func adds(n int, of func(i int) *atomic.Int64) {
	done := make([]chan bool, n)
	for i := range n {
		done[i] = make(chan bool, 1)
		go func() { of(i).Add(1); done[i] <- true }()
	}
	for i := range n {
		<-done[i]
	}
}

func TestOne(t *testing.T) { var x atomic.Int64; adds(2, func(int) *atomic.Int64 { return &x }) }

func TestOwn(t *testing.T) { var x [2]atomic.Int64; adds(2, func(i int) *atomic.Int64 { return &x[i] }) }

func TestMany(t *testing.T) { var x atomic.Int64; adds(6, func(int) *atomic.Int64 { return &x }) }
`})
	opts.Schedules, opts.UntilSaturated = 5000, true
	seen := map[string]*schedtest.Orders{}
	report := run(t, opts)
	for _, r := range report.Results {
		if seen[r.Test] = r.Orders; r.Orders == nil {
			t.Fatalf("%s has no orders", r.Test)
		}
	}
	one, own, many := seen["TestOne"], seen["TestOwn"], seen["TestMany"]
	// Steps of a goroutine that alone can run are not looked at, and the receives
	// before or after the sends make orders, too: so the numbers are bounds.
	if one.Seen < 2 || one.Seen <= own.Seen || many.Seen < 100 {
		t.Errorf("%d, %d and %d orders, want more of what meets", one.Seen, own.Seen, many.Seen)
	}
	for _, o := range []*schedtest.Orders{one, own} {
		if o.Schedules >= 4000 || o.SinceNew < 100 || o.NextIsNew() > 0.01 {
			t.Errorf("%v after %d schedules, want an end when nothing new came", o, o.Schedules)
		}
	}
	if many.Schedules <= one.Schedules {
		t.Errorf("%d schedules of what has many orders, %d of what has few", many.Schedules, one.Schedules)
	}
	var text strings.Builder
	if err := report.WriteText(&text, true); err != nil || !strings.Contains(text.String(), "; sampled: ") {
		t.Errorf("%v\n%s", err, text.String())
	}
}
