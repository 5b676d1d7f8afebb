package cluster_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/fearless-go/fearless/cluster"
)

// Each piece is put into the queue once more when it is there, up to three times and
// in another order, some when they are done.
func TestPiecesThatComeAgainCountOnce(t *testing.T) {
	t.Parallel()
	for i := range times() {
		s := serve(t)
		c := connect(t, s.URL())
		nc, err := nats.Connect(s.URL(), nats.Token("secret"))
		if err != nil {
			t.Fatal(err)
		}
		js, err := nc.JetStream()
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		random := rand.New(rand.NewPCG(uint64(i), 1))
		seen, again, over := map[string]int{}, 0, false
		var wg sync.WaitGroup
		_, err = nc.Subscribe("fearless.default.work.>", func(m *nats.Msg) {
			mu.Lock()
			defer mu.Unlock()
			if seen[m.Subject]++; over || seen[m.Subject] > 3 {
				return
			}
			again++
			late := time.Duration(random.IntN(200)) * time.Millisecond
			wg.Go(func() {
				time.Sleep(late)
				if _, err := js.Publish(m.Subject, m.Data); err != nil {
					t.Error(err)
				}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := work(t, s.URL(), 3, func(int) *cluster.Worker { return &cluster.Worker{Do: do(5 * time.Millisecond)} })
		got, run, err := explore(t.Context(), c, "run", 7)
		if want := alone(7); err != nil || got != want || run.GaveUp > 0 {
			t.Errorf("%d: %+v, %v, one machine: %+v; %+v", i, got, err, want, run)
		}
		mu.Lock()
		over = true // no more of them begin
		if again < 10 {
			t.Errorf("only %d pieces came again", again)
		}
		mu.Unlock()
		wg.Wait()
		stop()
		nc.Close()
		s.Close()
	}
}
