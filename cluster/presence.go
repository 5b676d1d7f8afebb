package cluster

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// presence is what a worker says of itself.
type presence struct {
	Name   string    `json:"name"`
	System string    `json:"system"`
	Run    string    `json:"run,omitempty"`
	Piece  string    `json:"piece,omitempty"`
	Title  string    `json:"title,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Done   int       `json:"done"`
}

// present lets others see the worker until ctx ends, and refuses runs of other systems.
// The function that it returns says what the worker is at. It does not wait, however
// long the server is away.
func (w *Worker) present(ctx context.Context) (tell func(presence)) {
	var mu sync.Mutex
	now := presence{}
	news := make(chan struct{}, 1)
	key := keyOf(w.Name)
	go func() {
		tick := time.NewTicker(workerTTL / 3)
		defer tick.Stop()
		for {
			mu.Lock()
			now.Name, now.System = w.Name, w.System
			data, err := json.Marshal(now)
			mu.Unlock()
			if err == nil {
				w.Conn.workers.Put(ctx, key, data) //nolint:errcheck // it is shown again soon
			}
			w.refuse(ctx)
			// Short pieces are not told of one by one.
			pause(ctx, 200*time.Millisecond)
			select {
			case <-ctx.Done():
				gone, cancel := context.WithTimeout(context.Background(), time.Second)
				w.Conn.workers.Delete(gone, key) //nolint:errcheck // it is forgotten in any case
				cancel()
				return
			case <-news:
			case <-tick.C:
			}
		}
	}()
	return func(p presence) {
		mu.Lock()
		now = p
		mu.Unlock()
		select {
		case news <- struct{}{}:
		default: // it will be seen with what is new already
		}
	}
}

// refuse says which runs the worker cannot take part in, each once.
func (w *Worker) refuse(ctx context.Context) {
	runs, err := w.Conn.Runs(ctx)
	if err != nil {
		return
	}
	for _, r := range runs {
		if r.System != w.System && r.State == Open && !w.told[r.Name] {
			w.told[r.Name] = true
			w.Log("the run %s (%s) is for %s, and this worker is %s: it takes no piece of it", r.Name, r.Title, r.System, w.System)
		}
	}
}
