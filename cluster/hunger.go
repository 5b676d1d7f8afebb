package cluster

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// hunger is how many workers wait for a piece, and how many pieces wait for a
// worker, as the coordinator says it to all workers.
type hunger struct {
	Waiting int    `json:"waiting"`
	Pending uint64 `json:"pending"`
	Working int    `json:"working"` // pieces that workers have
	heard   time.Time
	fed     int // of those that wait, by this worker
}

// mostFed is how many workers one feeds. More would make pieces so small, when
// little is left, that handing them out takes longer than doing them: see
// cluster/simulation.
const mostFed = 8

// portion is how many of those that wait a worker feeds. Each does not feed all:
// that would be many times what is eaten. roll is a random number below working.
func (h *hunger) portion(roll func(working int) int) int {
	waiting, working := max(h.Waiting-int(h.Pending), 0), max(h.Working, 1)
	switch {
	case waiting >= working:
		return min((waiting+working-1)/working, mostFed)
	case roll(working) < waiting:
		return 1
	}
	return 0
}

// stale is after how long a hunger says nothing any more.
const stale = 3 * time.Second

// tellHunger asks the server, and tells all workers of the system.
func (c *Conn) tellHunger(ctx context.Context, system string) (hunger, error) {
	cons, err := c.work.Consumer(ctx, c.consumer(system))
	if err != nil {
		return hunger{}, err // no worker has come yet
	}
	info := cons.CachedInfo() // Consumer has just asked for it
	h := hunger{Waiting: info.NumWaiting, Pending: info.NumPending, Working: info.NumAckPending}
	data, err := json.Marshal(h)
	if err != nil {
		return hunger{}, err
	}
	return h, c.nc.Publish(c.names.hunger(system), data)
}

// An ear hears of the hunger of workers.
type ear struct {
	last atomic.Pointer[hunger]
	sub  *nats.Subscription
}

func (c *Conn) listen(system string) (*ear, error) {
	e := &ear{}
	var err error
	e.sub, err = c.nc.Subscribe(c.names.hunger(system), func(m *nats.Msg) {
		h := hunger{heard: time.Now()}
		if json.Unmarshal(m.Data, &h) == nil {
			h.fed = h.portion(rand.IntN)
			e.last.Store(&h)
		}
	})
	return e, err
}

// hungry is how many workers that wait in vain this one is to feed.
func (e *ear) hungry() int {
	h := e.last.Load()
	if h == nil || time.Since(h.heard) > stale {
		return 0
	}
	return h.fed
}
