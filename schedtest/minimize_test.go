package schedtest_test

import (
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// One pause between the look and the close is enough, and other ways to the
// failure, from which nothing can be taken away, must not hide that.
func TestOneSwitchIsFoundWhereOneIsEnoughLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	oneSwitch(t, 0, 1)
}

func TestOneSwitchIsFoundFromOtherSeedsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "three other ways to the failure, each shortened")
	oneSwitch(t, 1, 4)
}

// oneSwitch tries the base seeds from one number to another.
func oneSwitch(t *testing.T, from, to uint64) {
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	c, closed := make(chan int), false
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			mu.Lock()
			done := closed
			mu.Unlock()
			if !done {
				close(c)
				mu.Lock()
				closed = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
`})
	opts.Schedules = 500
	for opts.Seed = from; opts.Seed < to; opts.Seed++ {
		report := run(t, opts)
		if len(report.Results) != 1 || report.Results[0].Finding == nil {
			t.Fatalf("%+v, want one failing test", report.Results)
		}
		f := report.Results[0].Finding
		seed, err := schedtest.ParseSeed(f.Seed)
		if err != nil || len(seed.Switches) != 1 {
			t.Errorf("with seed %d: %s, %v; want one switch", opts.Seed, f.Seed, err)
		}
		opts.Replay = f.Seed
		if again := run(t, opts); again.Results[0].Finding == nil || again.Results[0].Finding.Message != f.Message {
			t.Errorf("%s does not replay", f.Seed)
		}
		opts.Replay = ""
	}
}
