package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/cluster"
)

func work(t *testing.T, url string, n int, f func(i int) *cluster.Worker) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for i := range n {
		w := f(i)
		if w.Conn == nil {
			w.Conn = connect(t, url)
		}
		w.System, w.Dir = system, t.TempDir()
		if w.Name == "" {
			w.Name = string(rune('A' + i))
		}
		wg.Go(func() {
			if err := w.Run(ctx); err != nil {
				t.Errorf("worker %s: %v", w.Name, err)
			}
		})
	}
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func TestTheSumIsThatOfOneMachine(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, n := range []int{1, 2, 4, 8} {
		stop := work(t, s.URL(), n, func(int) *cluster.Worker { return &cluster.Worker{Do: do(0)} })
		for seed := uint64(n); seed < uint64(n)+3; seed++ {
			got, run, err := explore(t.Context(), connect(t, s.URL()), "run", seed)
			if err != nil {
				t.Fatal(err)
			}
			if want := alone(seed); got != want || run.GaveUp > 0 {
				t.Errorf("%d workers, seed %d: %+v, one machine: %+v; %+v", n, seed, got, want, run)
			}
			if run.Pieces < 3 {
				t.Errorf("%d workers, seed %d: %d pieces", n, seed, run.Pieces)
			}
		}
		stop()
	}
}

func TestAWorkerThatDiesLosesNothing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	first := start(t, "worker", s.URL())
	start(t, "worker", s.URL())
	go func() {
		time.Sleep(400 * time.Millisecond)
		first.Process.Kill() //nolint:errcheck // the sum tells
	}()
	got, run, err := explore(t.Context(), connect(t, s.URL()), "run", 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := alone(7); got != want || run.GaveUp > 0 {
		t.Errorf("%+v, one machine: %+v; %+v", got, want, run)
	}
}

func TestAPieceThatKillsItsWorkersIsGivenUp(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var deadly []*exec.Cmd
	for range cluster.Tries {
		deadly = append(deadly, start(t, "deadly", s.URL()))
	}
	var said []string
	c := &cluster.Coordinator{Conn: connect(t, s.URL()), Run: cluster.Run{Name: "run", System: system},
		Take: func(_ cluster.Piece, r *cluster.Result) (func(cluster.Piece) bool, error) {
			said = append(said, r.GaveUp)
			return nil, nil
		}}
	work := encode(tree{1, []string{""}})
	go func() {
		// One that would survive comes when those have died.
		for _, cmd := range deadly {
			cmd.Wait() //nolint:errcheck // it ends with status 3
		}
		w := &cluster.Worker{Conn: c.Conn, System: system, Dir: t.TempDir(), Deadline: time.Second, Do: do(0)}
		w.Run(t.Context()) //nolint:errcheck // the run says whether it worked
	}()
	if err := c.Explore(t.Context(), []cluster.Piece{{Name: "0", Title: "a deadly test", Work: work}}); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || !strings.Contains(said[0], "died") || c.Run.GaveUp != 1 {
		t.Errorf("%q; %+v", said, c.Run)
	}
}

func TestAPieceThatFailsIsGivenUpByItsThirdWorker(t *testing.T) {
	s := serve(t)
	stop := work(t, s.URL(), 2, func(int) *cluster.Worker {
		return &cluster.Worker{Do: func(context.Context, cluster.Piece, string, func() int) ([]byte, [][]byte, error) {
			return nil, nil, errors.New("it is too much")
		}}
	})
	_, run, err := explore(t.Context(), connect(t, s.URL()), "run", 7)
	if err != nil || run.GaveUp != 1 || run.Pieces != 1 {
		t.Errorf("%+v, %v", run, err)
	}
	stop()
	if st := status(t, s.URL()); len(st.Runs) != 1 || st.Runs[0].State != cluster.Over || st.Runs[0].GaveUp != 1 || st.Queue != 0 {
		t.Errorf("status: %+v", st)
	}
}

func TestACoordinatorThatIsStoppedGoesOn(t *testing.T) {
	t.Parallel()
	s := serve(t)
	work(t, s.URL(), 2, func(int) *cluster.Worker { return &cluster.Worker{Do: do(5 * time.Millisecond)} })
	var got visited
	stops := 0
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		v, _, err := explore(ctx, connect(t, s.URL()), "run", 7)
		cancel()
		if err == nil {
			got = v
			break
		}
		if stops++; !errors.Is(err, context.DeadlineExceeded) || stops > 200 {
			t.Fatalf("after %d stops: %v", stops, err)
		}
	}
	if want := alone(7); got != want {
		t.Errorf("after %d stops %+v, one machine: %+v", stops, got, want)
	}
}

func TestAWorkerOfAnotherSystemIsToldWhy(t *testing.T) {
	s := serve(t)
	said := make(chan string, 10)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go explore(ctx, connect(t, s.URL()), "run", 1) //nolint:errcheck // it is canceled
	for status(t, s.URL()).Queue == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	w := &cluster.Worker{Conn: connect(t, s.URL()), System: "plan9-mips", Dir: t.TempDir(), Do: func(context.Context, cluster.Piece, string, func() int) ([]byte, [][]byte, error) {
		t.Error("it got a piece of another system")
		return nil, nil, nil
	}, Log: func(format string, args ...any) { said <- fmt.Sprintf(format, args...) }}
	go w.Run(ctx) //nolint:errcheck // it is canceled
	if text := <-said; !strings.Contains(text, system) || !strings.Contains(text, "plan9-mips") || !strings.Contains(text, "takes no piece") {
		t.Errorf("it said %q", text)
	}
}
