package schedtest_test

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/schedtest"
)

// An interpreter runs a program in every order of its instructions. It is slow
// and plain: it knows no goroutine that is late, no scheduling point, and no
// strategy.
type interpreter struct {
	program  program
	outcomes map[string]bool
	kinds    map[schedtest.Kind]bool // what can go wrong, beside an outcome
	seen     map[string]bool
}

// A machine is a state of the program.
type machine struct {
	pc     []int
	loops  [][]int // of each thread: how many rounds are left of the loops that it is in
	out    [][]int64
	half   []bool // in the middle of a round of a waiting loop
	v      [2]int64
	locked [2]bool
	queue  [2][]int64
	closed [2]bool
}

func (m machine) clone() machine {
	c := m
	c.pc = slices.Clone(m.pc)
	c.loops, c.out, c.half = slices.Clone(m.loops), slices.Clone(m.out), slices.Clone(m.half)
	for i := range c.loops {
		c.loops[i], c.out[i] = slices.Clone(m.loops[i]), slices.Clone(m.out[i])
	}
	c.queue[0], c.queue[1] = slices.Clone(m.queue[0]), slices.Clone(m.queue[1])
	return c
}

// interpret returns all outcomes of p, and what else can become of it.
func interpret(p program) *interpreter {
	in := &interpreter{program: p, outcomes: map[string]bool{}, kinds: map[schedtest.Kind]bool{}, seen: map[string]bool{}}
	n := len(p.threads)
	in.run(machine{pc: make([]int, n), loops: make([][]int, n), out: make([][]int64, n), half: make([]bool, n)})
	return in
}

// tooMany is how many states a program may have that is worth its time.
const tooMany = 200_000

func (in *interpreter) run(m machine) {
	key := fmt.Sprint(m)
	if in.seen[key] || len(in.seen) > tooMany {
		return
	}
	in.seen[key] = true
	moved, ended := false, 0
	for i, list := range in.program.threads {
		if m.pc[i] == len(list) {
			ended++
			continue
		}
		for _, next := range in.step(m, i) {
			moved = moved || !in.idles(m, next, i)
			in.run(next)
		}
	}
	switch {
	case ended == len(in.program.threads):
		in.outcomes[fmt.Sprint(m.out)] = true
	case !moved && !in.panics(m) && !in.halfway(m):
		in.stuck(m)
	}
}

// panics notes the panics that the next instructions are, if any. They end the
// program, so they are no moves.
func (in *interpreter) panics(m machine) (any bool) {
	for i, list := range in.program.threads {
		if m.pc[i] == len(list) {
			continue
		}
		switch now := list[m.pc[i]]; {
		case now.op == "send" && m.closed[now.x]:
			in.kinds[schedtest.SendOnClosed], any = true, true
		case now.op == "close" && m.closed[now.x]:
			in.kinds[schedtest.DoubleClose], any = true, true
		}
	}
	return any
}

// step returns the states that come of the next instruction of thread i.
func (in *interpreter) step(m machine, i int) (next []machine) {
	in.panics(m)
	now := in.program.threads[i][m.pc[i]]
	done := func(change func(c *machine)) {
		c := m.clone()
		c.pc[i]++
		change(&c)
		next = append(next, c)
	}
	read := func(c *machine, thread int, v int64) { c.out[thread] = append(c.out[thread], v) }
	x := now.x
	switch now.op {
	case "store":
		done(func(c *machine) { c.v[x] = int64(now.n) })
	case "load":
		done(func(c *machine) { read(c, i, c.v[x]) })
	case "add":
		done(func(c *machine) { c.v[x] += int64(now.n); read(c, i, c.v[x]) })
	case "cas":
		done(func(c *machine) {
			if c.v[x] == 0 {
				c.v[x] = int64(now.n)
				read(c, i, 1)
			} else {
				read(c, i, 0)
			}
		})
	case "lock":
		if !m.locked[x] {
			done(func(c *machine) { c.locked[x] = true })
		}
	case "unlock":
		done(func(c *machine) { c.locked[x] = false })
	case "yield":
		done(func(*machine) {})
	case "close":
		if !m.closed[x] {
			done(func(c *machine) { c.closed[x] = true })
		}
	case "loop":
		done(func(c *machine) { c.loops[i] = append(c.loops[i], now.n) })
	case "end":
		done(func(c *machine) {
			last := len(c.loops[i]) - 1
			if c.loops[i][last]--; c.loops[i][last] > 0 {
				c.pc[i] = in.loopOf(i, m.pc[i]) + 1
			} else {
				c.loops[i] = c.loops[i][:last]
			}
		})
	case "send":
		// To a buffer; a handing over is the receiver's step.
		if !m.closed[x] && len(m.queue[x]) < in.program.capacity[x] {
			done(func(c *machine) { c.queue[x] = append(c.queue[x], int64(now.n)) })
		}
	case "receive":
		next = in.receive(m, i, x, 0)
	case "select":
		next = append(in.receive(m, i, 0, 10), in.receive(m, i, 1, 20)...)
	default:
		next = in.wait(m, i)
	}
	return next
}

// receive returns the states in which thread i has got something from channel x.
func (in *interpreter) receive(m machine, i, x int, plus int64) (next []machine) {
	c := m.clone()
	c.pc[i]++
	switch {
	case len(m.queue[x]) > 0:
		c.out[i] = append(c.out[i], plus+c.queue[x][0])
		c.queue[x] = c.queue[x][1:]
		return []machine{c}
	case m.closed[x]:
		c.out[i] = append(c.out[i], plus)
		return []machine{c}
	case in.program.capacity[x] > 0:
		return nil
	}
	for j, list := range in.program.threads {
		if j == i || m.pc[j] == len(list) || list[m.pc[j]].op != "send" || list[m.pc[j]].x != x {
			continue
		}
		c := c.clone()
		c.pc[j]++
		c.out[i] = append(c.out[i], plus+int64(list[m.pc[j]].n))
		next = append(next, c)
	}
	return next
}

// loopOf returns where the loop begins that ends at pc.
func (in *interpreter) loopOf(thread, pc int) int {
	for depth := 0; ; pc-- {
		switch in.program.threads[thread][pc].op {
		case "end":
			depth++
		case "loop":
			if depth--; depth == 0 {
				return pc
			}
		}
	}
}
