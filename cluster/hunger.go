package cluster

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// hunger is how many workers wait for a piece, and how many pieces wait for a
// worker, as the coordinator says it to all workers.
type hunger struct {
	Waiting int    `json:"waiting"`
	Pending uint64 `json:"pending"`
	heard   time.Time
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
	h := hunger{Waiting: info.NumWaiting, Pending: info.NumPending}
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
			e.last.Store(&h)
		}
	})
	return e, err
}

// hungry is how many workers wait in vain.
func (e *ear) hungry() int {
	h := e.last.Load()
	if h == nil || time.Since(h.heard) > stale {
		return 0
	}
	return max(h.Waiting-int(h.Pending), 0)
}
