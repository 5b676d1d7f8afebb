package bench

import (
	"time"

	"github.com/fearless-go/fearless/thread"
)

func parkCases() []Case {
	return []Case{
		{
			Name: "park/ping-pong",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) { return parkPingPong(thread.Park) }},
				{By: "chan", New: func() func(int) {
					return func(n int) {
						var c [2]chan struct{}
						c[0], c[1] = make(chan struct{}, 1), make(chan struct{}, 1)
						parallelPair(func(me int) {
							for range n {
								if me == 0 {
									c[1] <- struct{}{}
								}
								<-c[me]
								if me == 1 {
									c[0] <- struct{}{}
								}
							}
						})
					}
				}},
			},
			Targets: []Target{{Of: "chan", Most: 1.0, Limit: "The switch of goroutines is the same; see park/token-there for the rest."}},
		},
		{
			Name: "park/token-there",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					me := thread.Current()
					return func(n int) {
						for range n {
							me.Unpark()
							thread.Park()
						}
					}
				}},
				{By: "chan", New: func() func(int) {
					c := make(chan struct{}, 1)
					return func(n int) {
						for range n {
							select {
							case c <- struct{}{}:
							default:
							}
							<-c
						}
					}
				}},
			},
			Targets: []Target{{Of: "chan", Most: 0.4, Limit: "Two exchanges of the token, which no parker can do without, and the look for the current goroutine's Thread, by its number."}},
		},
		{
			Name: "park/token-there/spawned",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						thread.Scope(func(s *thread.ScopeHandle) {
							s.Go(func() {
								me := thread.Current()
								for range n {
									me.Unpark()
									thread.Park()
								}
							})
						})
					}
				}},
				{By: "chan", New: func() func(int) {
					return func(n int) {
						parallel(1, n, func(n int) {
							c := make(chan struct{}, 1)
							for range n {
								select {
								case c <- struct{}{}:
								default:
								}
								<-c
							}
						})
					}
				}},
			},
			Targets: []Target{{Of: "chan", Most: 0.4, Limit: "Two exchanges of the token, which no parker can do without, and the look for the current goroutine's Thread, by its number."}},
		},
		{
			Name: "park/timeout-unfired",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) { return parkPingPong(func() { thread.ParkTimeout(time.Hour) }) }},
				{By: "select+Timer", New: func() func(int) { return timerPingPong(reusedTimer) }},
				{By: "select+NewTimer", New: func() func(int) { return timerPingPong(newTimer) }},
			},
			Targets: []Target{{Of: "select+Timer", Most: 0.7, Limit: "Half of it is starting and stopping the timer, in the runtime, on either side."}},
		},
		{
			Name: "park/timeout-fires/10us",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						for range n {
							must(!thread.ParkTimeout(firing), "a token from nowhere")
						}
					}
				}},
				{By: "select+Timer", New: func() func(int) {
					c, wait := make(chan struct{}, 1), reusedTimer()
					return func(n int) {
						for range n {
							wait(c, firing)
						}
					}
				}},
			},
		},
	}
}

const firing = 10 * time.Microsecond

// parkPingPong lets two threads wake each other n times, each waiting by park.
// It counts on park not returning for nothing, which outside a model build it
// does not.
func parkPingPong(park func()) func(n int) {
	return func(n int) {
		first := thread.Current()
		second := thread.Go(func() {
			for range n {
				park()
				first.Unpark()
			}
		})
		for range n {
			second.Thread().Unpark()
			park()
		}
		_, err := second.Join()
		must(err == nil, "park ping-pong: %v", err)
	}
}

// A timerWait receives from c or gives up after d.
type timerWait func(c chan struct{}, d time.Duration)

func reusedTimer() timerWait {
	timer := time.NewTimer(time.Hour)
	return func(c chan struct{}, d time.Duration) {
		timer.Reset(d)
		select {
		case <-c:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func newTimer() timerWait {
	return func(c chan struct{}, d time.Duration) {
		timer := time.NewTimer(d)
		select {
		case <-c:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func timerPingPong(wait func() timerWait) func(n int) {
	return func(n int) {
		var c [2]chan struct{}
		c[0], c[1] = make(chan struct{}, 1), make(chan struct{}, 1)
		parallelPair(func(me int) {
			wait := wait()
			for range n {
				if me == 0 {
					c[1] <- struct{}{}
				}
				wait(c[me], time.Hour)
				if me == 1 {
					c[0] <- struct{}{}
				}
			}
		})
	}
}
