package cluster_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/fearless-go/fearless/cluster"
)

// A worker may store its result when its run is over, and the next run of the same
// name finds it. What it says is then of another part of the tree.
func TestResultsOfAnEarlierRunAreNotTakenForThoseOfThisOne(t *testing.T) {
	t.Parallel()
	s := serve(t)
	nc, err := nats.Connect(s.URL(), nats.Token("secret"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := nc.JetStream()
	if err != nil {
		t.Fatal(err)
	}
	connect(t, s.URL()) // makes the streams
	sub, err := nc.SubscribeSync("fearless.default.result.run.*")
	if err != nil {
		t.Fatal(err)
	}
	stop := work(t, s.URL(), 1, func(int) *cluster.Worker { return &cluster.Worker{Do: do(0)} })
	if _, _, err := explore(t.Context(), connect(t, s.URL()), "run", 7); err != nil {
		t.Fatal(err)
	}
	stop()
	// All but that of the root come once more, after the end.
	var late []*nats.Msg
	for {
		m, err := sub.NextMsg(200 * time.Millisecond)
		if errors.Is(err, nats.ErrTimeout) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != "fearless.default.result.run.0" {
			late = append(late, m)
		}
	}
	if len(late) < 3 {
		t.Fatalf("%d results came late", len(late))
	}
	for _, m := range late {
		if _, err := js.Publish(m.Subject, m.Data); err != nil {
			t.Fatal(err)
		}
	}
	// Workers of this run stop at other places.
	at := &atomic.Int64{}
	work(t, s.URL(), 2, func(int) *cluster.Worker {
		return &cluster.Worker{Do: func(ctx context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
			return part(ctx, p, 100+int(at.Add(37))%200, 0)
		}}
	})
	got, run, err := explore(t.Context(), connect(t, s.URL()), "run", 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := alone(7); got != want || run.GaveUp > 0 {
		t.Errorf("%+v, one machine: %+v; %+v", got, want, run)
	}
}

func TestWorkersThatAreStoppedDoNotCountAsTries(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := connect(t, s.URL())
	type end struct {
		v   visited
		run cluster.Run
		err error
	}
	done := make(chan end, 1)
	go func() {
		v, run, err := explore(t.Context(), c, "run", 1)
		done <- end{v, run, err}
	}()
	for range 2 * cluster.Tries {
		ctx, cancel := context.WithCancel(t.Context())
		begun := make(chan bool)
		w := &cluster.Worker{Conn: connect(t, s.URL()), System: system, Dir: t.TempDir(), Do: func(ctx context.Context, _ cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
			begun <- true
			<-ctx.Done()
			return nil, nil, ctx.Err()
		}}
		stopped := make(chan error)
		go func() { stopped <- w.Run(ctx) }()
		<-begun
		cancel()
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
	}
	work(t, s.URL(), 1, func(int) *cluster.Worker { return &cluster.Worker{Do: do(0)} })
	e := <-done
	if want := alone(1); e.err != nil || e.v != want || e.run.GaveUp > 0 {
		t.Errorf("%+v, one machine: %+v", e, want)
	}
}

// Two coordinators may both believe that they have the run, if one stood still for long.
// The one that has lost it must not take the results away under the other.
func TestACoordinatorThatHasLostItsRunLeavesTheResults(t *testing.T) {
	t.Parallel()
	s := serve(t)
	work(t, s.URL(), 1, func(int) *cluster.Worker { return &cluster.Worker{Do: do(0)} })
	co := &cluster.Coordinator{Conn: connect(t, s.URL()), Run: cluster.Run{Name: "run", System: system},
		Take: func(cluster.Piece, *cluster.Result) (func(cluster.Piece) bool, error) { return nil, nil }}
	if err := co.Explore(t.Context(), []cluster.Piece{{Name: "0", Work: encode(tree{1, []string{""}})}}); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(s.URL(), nats.Token("secret"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := nc.JetStream()
	if err != nil {
		t.Fatal(err)
	}
	leases, err := js.KeyValue("fearless-default-leases")
	if err == nil {
		_, err = leases.Put("run", []byte("another machine/1"))
	}
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, "finish", co.Finish(t.Context(), 0), cluster.Taken, "the run run")
	if info, err := js.StreamInfo("FEARLESS-default-RESULTS"); err != nil || info.State.Msgs == 0 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestTheDeadlineIsThatOfTheFirstWorker(t *testing.T) {
	s := serve(t)
	for i, want := range []time.Duration{7 * time.Second, 7 * time.Second} {
		w := &cluster.Worker{Conn: connect(t, s.URL()), System: system, Dir: t.TempDir(), Do: do(0), Deadline: time.Duration(7+i) * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if err := w.Run(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		if w.Deadline != want {
			t.Errorf("worker %d: %v", i, w.Deadline)
		}
	}
}

func TestACallerGetsWhatWasDoneBefore(t *testing.T) {
	s := serve(t)
	did := &atomic.Int64{}
	stop := work(t, s.URL(), 2, func(int) *cluster.Worker {
		return &cluster.Worker{Do: func(_ context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
			did.Add(1)
			return append([]byte("done "), p.Work...), nil, nil
		}}
	})
	run := cluster.Run{Name: "calls", Title: "calls", System: system}
	ask := func(ctx context.Context, c *cluster.Caller, names ...string) {
		t.Helper()
		for _, name := range names {
			r, err := c.Do(ctx, cluster.Piece{Name: name, Title: "a call", Work: []byte(name)})
			if err != nil || string(r.Outcome) != "done "+name {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := connect(t, s.URL()).Call(ctx, run, nil, nil)
	ask(ctx, first, "a", "b")
	cancel()
	if err := first.Finish(t.Context(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that was stopped: %v", err)
	}
	second := connect(t, s.URL()).Call(t.Context(), run, nil, nil)
	ask(t.Context(), second, "b", "a", "c")
	if err := second.Finish(t.Context(), 0); err != nil || did.Load() != 3 {
		t.Errorf("%d pieces were done, %v", did.Load(), err)
	}
	if r := second.Run(); r.State != cluster.Over || r.Pieces != 3 {
		t.Errorf("%+v", r)
	}
	if _, err := second.Do(t.Context(), cluster.Piece{Name: "d"}); err == nil {
		t.Error("a call after the end")
	}
	stop()
}
