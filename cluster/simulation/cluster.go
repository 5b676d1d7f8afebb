package main

import (
	"container/heap"
	"time"
)

// The rules of cmd/fearless and package cluster.
const (
	cutFor      = 250 * time.Millisecond // the first piece
	giveAfter   = 400 * time.Millisecond // a piece gives back what is left if somebody waits
	giveAtLast  = 30 * time.Second       // in any case
	hungerEvery = 200 * time.Millisecond // the coordinator tells who waits
	beatEvery   = 10 * time.Second       // a worker that is at a piece shows that it lives
	shownEvery  = 5 * time.Second        // a worker is shown in the status
	mostFed     = 8
	atOnce      = 16 // pieces that the coordinator hands out beside each other
)

// A simulation is a run of one exploration by many workers. It is a queue of
// events, a server and a coordinator that each do one thing at a time, and pieces that
// are so many nanoseconds of exploring.
type simulation struct {
	Costs
	workers []worker
	queue   []time.Duration // pieces that wait
	idle    []int           // workers that wait, the first that came first
	open    int             // pieces that are not done

	now         time.Duration
	events      events
	n           int // of events so far
	server      station
	coordinator station
	random      uint64

	messages, bytes, pieces int64
	explored                time.Duration
}

type worker struct {
	since time.Duration // it began with its piece
	left  time.Duration // of the piece, then
	turn  int           // which of its pieces that is
	busy  bool
}

// A station does one thing after the other.
type station struct{ free, busy time.Duration }

// serve is when the station has done what comes at that time.
func (s *station) serve(at, takes time.Duration) time.Duration {
	s.free = max(s.free, at) + takes
	s.busy += takes
	return s.free
}

type event struct {
	at time.Duration
	n  int // of two at the same time, who was first
	do func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	*e = (*e)[:last]
	return x
}

func (s *simulation) after(at time.Duration, do func()) {
	s.n++
	heap.Push(&s.events, event{at, s.n, do})
}

// Outcome is what came of a simulation.
type outcome struct {
	Took, Explored          time.Duration
	Server, Coordinator     time.Duration // that they were busy
	Messages, Bytes, Pieces int64
}

// simulate explores so much with so many workers.
func simulate(c Costs, workers int, work time.Duration, seed uint64) outcome {
	s := &simulation{Costs: c, workers: make([]worker, workers), random: seed}
	for i := range s.workers {
		s.idle = append(s.idle, i)
	}
	s.open = 1
	s.queue = []time.Duration{work}
	s.deliver()
	s.after(hungerEvery, s.hunger)
	for s.open > 0 {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		e.do()
	}
	return outcome{s.now, s.explored, s.server.busy, s.coordinator.busy, s.messages, s.bytes, s.pieces}
}

// serverDoes is when the server has done what comes now, and counts it.
func (s *simulation) serverDoes(takes time.Duration, messages, bytes int) time.Duration {
	s.messages += int64(messages)
	s.bytes += int64(bytes)
	return s.server.serve(s.now, takes/time.Duration(s.Cores))
}

const small = 200 // bytes of a message that says little

// deliver gives pieces to workers that wait.
func (s *simulation) deliver() {
	for len(s.queue) > 0 && len(s.idle) > 0 {
		i, left := s.idle[0], s.queue[0]
		s.idle, s.queue = s.idle[1:], s.queue[1:]
		w := &s.workers[i]
		w.turn++
		// It asks, gets the piece, asks for a result of it and for its run, and says what it is at.
		// The server's part is put together, for a station does things in the order in which they come.
		at := s.serverDoes(s.Plain+2*s.Stored+2*s.Request, 8, 9*small+s.Work) + 6*s.Latency
		turn := w.turn
		s.after(at+s.Piece+s.Start, func() { s.begin(i, turn, left) })
	}
}

func (s *simulation) begin(i, turn int, left time.Duration) {
	w := &s.workers[i]
	w.busy, w.since, w.left = true, s.now, left
	until := giveAtLast
	if s.pieces == 0 {
		until = cutFor
	}
	s.after(s.now+min(left, until), func() {
		if w.busy && w.turn == turn {
			s.end(i, s.portion(s.waiting()))
		}
	})
}

// waiting is how many workers wait in vain.
func (s *simulation) waiting() int { return max(len(s.idle)-len(s.queue), 0) }

// portion is how many of those that wait a worker feeds, as package cluster deals it.
func (s *simulation) portion(waiting int) int {
	working := max(len(s.workers)-len(s.idle), 1)
	switch {
	case waiting >= working:
		return min((waiting+working-1)/working, mostFed)
	case int(s.roll()%uint64(working)) < waiting:
		return 1
	}
	return 0
}

func (s *simulation) roll() uint64 {
	s.random = s.random*6364136223846793005 + 1442695040888963407
	return s.random >> 33
}

// end ends the piece that worker i is at.
func (s *simulation) end(i, waiting int) {
	w := &s.workers[i]
	done := min(s.now-w.since, w.left)
	s.explored += done
	w.busy = false
	s.pieces++
	for range int(done / beatEvery) {
		s.serverDoes(s.Plain, 1, small)
	}
	parts := s.split(w.left-done, waiting)
	// The result, and that the piece is done.
	at := s.serverDoes(2*s.Stored, 4, small+s.Outcome+s.Work*len(parts))
	s.after(at+4*s.Latency, func() {
		s.idle = append(s.idle, i)
		s.deliver()
	})
	s.after(at+2*s.Latency, func() { s.take(parts) })
}

// take is the coordinator's: it reads the result, and hands out what that leaves, several
// at a time.
func (s *simulation) take(parts []time.Duration) {
	read := s.serverDoes(s.Request, 2, s.Outcome+s.Work*len(parts)) - s.now
	at := s.coordinator.serve(s.now, s.Result+read+2*s.Latency)
	for i, part := range parts {
		s.after(at, func() { s.publish(part) })
		if i%atOnce == atOnce-1 || i == len(parts)-1 {
			at = s.coordinator.serve(at, 2*s.Latency+atOnce*s.Stored/time.Duration(s.Cores))
		}
	}
	s.open += len(parts)
	s.after(at, func() { s.open-- })
}

func (s *simulation) publish(part time.Duration) {
	at := s.serverDoes(s.Stored, 2, s.Work+small) + s.Latency
	s.after(at, func() {
		s.queue = append(s.queue, part)
		s.deliver()
	})
}

// hunger tells all workers how many wait. Those that are at a piece for long enough
// then give back what is left.
func (s *simulation) hunger() {
	if free := s.coordinator.free; free > s.now {
		s.after(free, s.hunger) // it takes what there is first
		return
	}
	waiting := s.waiting()
	at := s.serverDoes(s.Request+s.Plain*time.Duration(len(s.workers)), 2+len(s.workers), small*(2+len(s.workers)))
	// Each worker shows itself, and looks for runs of others.
	shown := len(s.workers) * int(hungerEvery) / int(shownEvery)
	s.serverDoes(time.Duration(shown)*(s.Stored+3*s.Request), 8*shown, 8*small*shown)
	if waiting > 0 {
		s.after(at+s.Latency, func() {
			for i := range s.workers {
				if w := &s.workers[i]; w.busy && s.now-w.since >= giveAfter {
					if n := s.portion(waiting); n > 0 {
						s.end(i, n)
					}
				}
			}
		})
	}
	s.after(max(s.now+hungerEvery, at), s.hunger)
}

// split deals out what is left of a piece. Trees do not split evenly: each part is
// a random share of what the parts before have left.
func (s *simulation) split(left time.Duration, waiting int) (parts []time.Duration) {
	n := 1
	switch {
	case s.pieces == 1:
		n = max(4, 2*waiting)
	case waiting > 0:
		n = 2*waiting + 1
	}
	for ; n > 1 && left > time.Millisecond; n-- {
		share := time.Duration(s.roll()%2001) * left / time.Duration(1000*n) // up to twice its part
		share = min(share, left)
		if share > 0 {
			parts = append(parts, share)
			left -= share
		}
	}
	if left > 0 {
		parts = append(parts, left)
	}
	return parts
}
