package bench

import (
	"sync"

	"github.com/fearless-go/fearless/lock"
)

func condvarCases() []Case {
	return []Case{
		{
			Name: "condvar/ping-pong",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						turn, changed := lock.NewMutex(0), new(lock.Condvar)
						parallelPair(func(me int) {
							for range n {
								g := turn.Lock()
								changed.WaitWhile(g, func() bool { return *g.Ptr() != me })
								g.Set(1 - me)
								changed.NotifyOne()
								g.Unlock()
							}
						})
					}
				}},
				{By: "sync.Cond", New: func() func(int) {
					return func(n int) {
						mu, turn := new(sync.Mutex), 0
						changed := sync.NewCond(mu)
						parallelPair(func(me int) {
							for range n {
								mu.Lock()
								for turn != me {
									changed.Wait()
								}
								turn = 1 - me
								changed.Signal()
								mu.Unlock()
							}
						})
					}
				}},
				{By: "chan", New: func() func(int) {
					return func(n int) {
						turn := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
						turn[0] <- struct{}{}
						parallelPair(func(me int) {
							for range n {
								<-turn[me]
								turn[1-me] <- struct{}{}
							}
						})
					}
				}},
			},
			Targets: []Target{{Of: "sync.Cond", Most: 1.0, Limit: "The switch itself is faster than sync.Cond's (see park/ping-pong). The rest is the waiter's queue, which can give up a place when a time is up: " +
				"its spin lock and the token are atomic exchanges, nine a turn, where the runtime's queue and its switch share five. Moving a waiter to the mutex's queue instead of waking it " +
				"has nothing to gain here: no sample of a profile is in the mutex's slow path."}},
		},
		{
			Name: "condvar/herd/64",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						state, changed := lock.NewMutex(herd{}), new(lock.Condvar)
						var all sync.WaitGroup
						for range herdSize {
							all.Go(func() {
								for round := range n {
									g := state.Lock()
									g.Ptr().waiting++
									if g.Ptr().waiting == herdSize {
										g.Set(herd{round: round + 1})
										changed.NotifyAll()
									}
									changed.WaitWhile(g, func() bool { return g.Ptr().round == round })
									g.Unlock()
								}
							})
						}
						all.Wait()
					}
				}},
				{By: "sync.Cond", New: func() func(int) {
					return func(n int) {
						var mu sync.Mutex
						state, changed := herd{}, sync.NewCond(&mu)
						var all sync.WaitGroup
						for range herdSize {
							all.Go(func() {
								for round := range n {
									mu.Lock()
									state.waiting++
									if state.waiting == herdSize {
										state = herd{round: round + 1}
										changed.Broadcast()
									}
									for state.round == round {
										changed.Wait()
									}
									mu.Unlock()
								}
							})
						}
						all.Wait()
					}
				}},
			},
			Targets: []Target{{Of: "sync.Cond", Most: 1.0, Limit: "As in condvar/ping-pong: the exchanges of queue and token. That all who are woken want the mutex at once costs nothing measurable: the profile shows no wait for it, " +
				"so that moving them to the mutex's queue would not help."}},
		},
	}
}

const herdSize = 64

// herd is what a herd of threads agrees on: each waits until all have come.
type herd struct{ round, waiting int }

// parallelPair runs body(0) and body(1) at once.
func parallelPair(body func(me int)) {
	var other sync.WaitGroup
	other.Go(func() { body(1) })
	body(0)
	other.Wait()
}
