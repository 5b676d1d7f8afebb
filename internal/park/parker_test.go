package park_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/internal/park"
)

func TestTokenIsKeptAndDoesNotAddUp(t *testing.T) {
	var p park.Parker
	if p.TryWait() || p.HasToken() {
		t.Fatal("the zero Parker has a token")
	}
	p.Unpark()
	if p.Unpark() {
		t.Error("Unpark reports that it woke somebody")
	}
	if !p.Wait() {
		t.Error("Wait with a token is not true")
	}
	if p.TryWait() {
		t.Error("two Unparks left two tokens")
	}
}

func TestUnparkWakes(t *testing.T) {
	var p, q park.Parker
	const rounds = 20000
	shared := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for range rounds {
			p.Wait()
			shared++
			q.Unpark()
		}
	})
	for range rounds {
		shared++
		p.Unpark()
		q.Wait()
	}
	wg.Wait()
	if shared != 2*rounds {
		t.Errorf("%d of %d", shared, 2*rounds)
	}
}

func TestLimits(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	for _, test := range []struct {
		name  string
		limit park.Limit
		after func()
		want  error
	}{
		{"timeout", park.Timeout(time.Millisecond), nil, park.ErrTimeout},
		{"context", park.Context(canceled), cancel, context.Canceled},
	} {
		var p park.Parker
		if err := test.limit.Reached(); err != nil {
			t.Errorf("%s: reached before it began: %v", test.name, err)
		}
		p.Arm(test.limit)
		if test.after != nil {
			go test.after()
		}
		if p.Wait() {
			t.Errorf("%s: Wait returned true without a token", test.name)
		}
		if !errors.Is(test.limit.Err(), test.want) {
			t.Errorf("%s: %v", test.name, test.limit.Err())
		}
		p.Disarm()
		p.Unpark()
		if !p.Wait() {
			t.Errorf("%s: the limit is not gone after Disarm", test.name)
		}
	}
	if park.Timeout(0).Reached() == nil || park.Context(canceled).Reached() == nil || (park.Limit{}).Reached() != nil {
		t.Error("Reached is wrong about limits that leave no time, or about none")
	}
	var timeout interface{ Timeout() bool }
	if !errors.As(park.ErrTimeout, &timeout) || !timeout.Timeout() {
		t.Error("ErrTimeout is no timeout")
	}
}

// TestTokenAndLimitAtOnce lets them race: a token is never lost to the limit.
func TestTokenAndLimitAtOnce(t *testing.T) {
	var p park.Parker
	for i := range 2000 {
		woke := make(chan bool)
		go func() {
			p.Arm(park.Timeout(time.Duration(i%50) * time.Microsecond))
			got := p.Wait()
			p.Disarm()
			if !got {
				got = p.Wait()
			}
			woke <- got
		}()
		time.Sleep(time.Duration(i%40) * time.Microsecond)
		p.Unpark()
		if !<-woke {
			t.Fatal("Wait without a limit returned false")
		}
	}
	if p.HasToken() {
		t.Error("a token is left")
	}
}

func TestDurablyBlockedInBubble(t *testing.T) {
	var p, q park.Parker // made outside
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			woke := false
			go func() {
				p.Wait()
				woke = true
			}()
			synctest.Wait()
			if woke {
				t.Fatal("Wait did not block")
			}
			q.Arm(park.Timeout(24 * time.Hour))
			if q.Wait() {
				t.Error("Wait returned true without a token")
			}
			q.Disarm()
			if passed := time.Since(start); passed != 24*time.Hour {
				t.Errorf("a limit of a day took %v of the bubble's time", passed)
			}
			p.Unpark()
			synctest.Wait()
			if !woke {
				t.Error("Unpark did not wake")
			}
		})
		// The same parker outside of the bubble, where time is real again.
		q.Arm(park.Timeout(time.Millisecond))
		q.Wait()
		q.Disarm()
	}
}

func TestStarved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := park.Now()
		if m.Starved() {
			t.Error("starved at once")
		}
		time.Sleep(2 * time.Millisecond)
		if !m.Starved() {
			t.Error("not starved after 2 ms")
		}
	})
}
