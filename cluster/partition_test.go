package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/internal/long"
)

// A worker is cut off while it is at a piece, for longer than a worker may not be heard of.
// Its result comes when another one has done the piece, or the run is over.
func TestAWorkerThatIsCutOffLosesNothing(t *testing.T) {
	t.Parallel()
	for i := range times() {
		for _, dropped := range []bool{false, true} {
			s := serve(t)
			way, url := through(t, s.URL(), 0)
			began := make(chan struct{})
			var once sync.Once
			work(t, url, 1, func(int) *cluster.Worker {
				return &cluster.Worker{Name: "far", Deadline: time.Second, Do: func(ctx context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
					once.Do(func() {
						way.set(true)
						close(began)
						time.Sleep(1500 * time.Millisecond)
					})
					return part(ctx, p, at, 0)
				}}
			})
			run, done := fmt.Sprint("run", i), make(chan struct{})
			near := connect(t, s.URL())
			go func() {
				defer close(done)
				wantRun(t, near, run)
			}()
			<-began
			work(t, s.URL(), 1, func(int) *cluster.Worker {
				return &cluster.Worker{Name: "near", Deadline: time.Second, Do: do(5 * time.Millisecond)}
			})
			time.Sleep(time.Duration(2000+37*i) * time.Millisecond)
			if dropped {
				way.drop()
			}
			way.set(false)
			<-done
			// The late one has come by the end of another run, and is none of that.
			wantRun(t, near, run+"-again")
		}
	}
}

// The coordinator is cut off for longer than its lease: the server has forgotten it, and
// nobody else has come.
func TestACoordinatorThatIsCutOffGoesOnLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a lease is waited for")
	for _, dropped := range []bool{false, true} {
		s := serve(t)
		way, url := through(t, s.URL(), 0)
		var begun sync.Once
		work(t, s.URL(), 2, func(int) *cluster.Worker {
			return &cluster.Worker{Do: func(ctx context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
				begun.Do(func() {
					way.set(true)
					go func() {
						time.Sleep(13 * time.Second)
						if dropped {
							way.drop()
						}
						way.set(false)
					}()
				})
				return part(ctx, p, at, 0)
			}}
		})
		wantRun(t, connect(t, url), "run")
	}
}

// While a coordinator is cut off another one takes the run over. If the first one comes
// back while the second is at it, it says so and takes nothing away from that; if it comes
// back when that has ended, it does what it has no result of again.
func TestACoordinatorThatIsCutOffAndReplacedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a lease is ten seconds")
	for _, meanwhile := range []bool{true, false} {
		s := serve(t)
		way, url := through(t, s.URL(), 0)
		begun, wait := make(chan struct{}, 1), make(chan struct{})
		work(t, s.URL(), 1, func(int) *cluster.Worker {
			return &cluster.Worker{Do: func(ctx context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
				select {
				case begun <- struct{}{}:
				case <-wait:
				}
				return part(ctx, p, at, 10*time.Millisecond)
			}}
		})
		first, second := make(chan error, 1), make(chan error, 1)
		coordinate := func(url string, done chan<- error) {
			c := connect(t, url)
			go func() {
				got, run, err := explore(t.Context(), c, "run", 7)
				if want := alone(7); err == nil && (got != want || run.GaveUp > 0) {
					err = fmt.Errorf("%+v, one machine: %+v; %+v", got, want, run)
				}
				done <- err
			}()
		}
		coordinate(url, first)
		<-begun
		begun <- struct{}{} // the next piece waits
		way.set(true)
		coordinate(s.URL(), second)
		time.Sleep(11 * time.Second)
		if meanwhile {
			way.set(false)
			var e *cluster.Error
			if err := <-first; !errors.As(err, &e) || e.Kind != cluster.Taken {
				t.Errorf("the first one: %v", err)
			}
		}
		close(wait)
		if err := <-second; err != nil {
			t.Errorf("the second one: %v", err)
		}
		if !meanwhile {
			way.set(false)
			if err := <-first; err != nil {
				t.Errorf("the first one: %v", err)
			}
		}
	}
}

// A worker that is slow, behind a slow way, keeps its piece while it is heard of.
func TestASlowWorkerIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, url := through(t, s.URL(), 30*time.Millisecond)
	work(t, url, 1, func(int) *cluster.Worker {
		return &cluster.Worker{Name: "slow", Deadline: 2 * time.Second, Do: do(200 * time.Millisecond)}
	})
	work(t, s.URL(), 1, func(int) *cluster.Worker { return &cluster.Worker{Name: "quick", Deadline: 2 * time.Second, Do: do(0)} })
	wantRun(t, connect(t, s.URL()), "run")
}

// wantRun explores, and compares with one machine.
func wantRun(t *testing.T, c *cluster.Conn, name string) {
	t.Helper()
	got, run, err := explore(t.Context(), c, name, 7)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if want := alone(7); got != want || run.GaveUp > 0 {
		t.Errorf("%s: %+v, one machine: %+v; %+v", name, got, want, run)
	}
}
