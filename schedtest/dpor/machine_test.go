package dpor_test

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/fearless-go/fearless/schedtest/dpor"
)

// The language of the tests: threads of instructions over numbered objects.
type instr struct {
	op    string
	obj   int // variable, mutex, channel …
	a, b  int // operands
	reg   int // register that the result goes to
	cases []instr
}

func (i instr) String() string {
	s := fmt.Sprintf("%s %d %d %d r%d", i.op, i.obj, i.a, i.b, i.reg)
	for _, c := range i.cases {
		s += " {" + c.String() + "}"
	}
	return s
}

type program struct {
	threads [][]instr
	caps    []int // of the channels
}

func (p program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "caps %v\n", p.caps)
	for t, code := range p.threads {
		fmt.Fprintf(&b, "thread %d\n", t+1)
		for _, i := range code {
			fmt.Fprintf(&b, "\t%v\n", i)
		}
	}
	return b.String()
}

// Object numbers: kind<<8 + index.
const (
	kindVar = iota + 1
	kindMutex
	kindW
	kindR
	kindWG
	kindOnce
	kindRunning
	kindCond
	kindTicket
	kindChan
	kindClock
	kindPool
)

func object(kind, index int) uint64 { return uint64(kind)<<8 + uint64(index) }

type waiter struct {
	thread int
	which  int // case of its select, or 0
	send   bool
	value  int
	chans  []int // all channels that it waits at
}

type channel struct {
	cap    int
	buf    []int
	closed bool
	queue  []waiter
}

type machine struct {
	p       program
	pc      []int
	stage   []int // within an instruction of several events
	regs    [][4]int
	parked  []bool
	panics  []string
	vars    [8]int
	mutex   [4]int
	w, r    [4]int
	wg      [4]int
	once    [4]int // 0, 1 running, 2 done
	cond    [4][]int
	ticket  [8]int
	chans   []channel
	pools   [2][]int
	failed  bool // the last step of a spin failed its turn
	short   []bool
	timers  []int // threads that sleep
	expires []int // when they go on
	now     int   // in nanoseconds; a step takes no time, and the start of a timer one
}

func newMachine(p program) *machine {
	n := len(p.threads)
	m := &machine{p: p, pc: make([]int, n), stage: make([]int, n), regs: make([][4]int, n), parked: make([]bool, n), panics: make([]string, n), short: make([]bool, n)}
	for _, c := range p.caps {
		m.chans = append(m.chans, channel{cap: c})
	}
	m.local()
	return m
}

func (m *machine) clone() *machine {
	c := *m
	c.pc, c.stage, c.regs = slices.Clone(m.pc), slices.Clone(m.stage), slices.Clone(m.regs)
	c.parked, c.panics = slices.Clone(m.parked), slices.Clone(m.panics)
	c.short = slices.Clone(m.short)
	c.timers, c.expires = slices.Clone(m.timers), slices.Clone(m.expires)
	for i := range c.cond {
		c.cond[i] = slices.Clone(m.cond[i])
	}
	for i := range c.pools {
		c.pools[i] = slices.Clone(m.pools[i])
	}
	c.chans = slices.Clone(m.chans)
	for i := range c.chans {
		c.chans[i].buf = slices.Clone(m.chans[i].buf)
		c.chans[i].queue = slices.Clone(m.chans[i].queue)
	}
	return &c
}

// local runs what no other thread sees: branches.
func (m *machine) local() {
	for t := range m.p.threads {
		for !m.ended(t) {
			i := m.p.threads[t][m.pc[t]]
			if i.op == "goto" {
				m.pc[t] += i.a
			} else if i.op == "unless" {
				m.pc[t]++
				if m.regs[t][i.reg] != i.a {
					m.pc[t] += i.b
				}
			} else {
				break
			}
		}
	}
}

func (m *machine) ended(t int) bool { return m.panics[t] != "" || m.pc[t] >= len(m.p.threads[t]) }

// state describes all of the machine.
func (m *machine) state() string {
	return fmt.Sprint(m.pc, m.stage, m.regs, m.parked, m.panics, m.vars, m.mutex, m.w, m.r, m.wg, m.once, m.cond, m.ticket, m.chans, m.timers, m.expires, m.now, m.short, m.pools)
}

// outcome describes a final state.
func (m *machine) outcome() string {
	s := fmt.Sprint(m.regs, m.vars, m.panics)
	for t := range m.pc {
		if !m.ended(t) {
			s += fmt.Sprintf(" thread %d blocked at %d.%d", t+1, m.pc[t], m.stage[t])
		}
	}
	return s
}

// pending returns what each thread does next.
func (m *machine) pending() []DporPending {
	var ps []DporPending
	if len(m.timers) > 0 {
		ps = append(ps, DporPending{Enabled: true, Place: 1, Accesses: []DporAccess{{Object: object(kindClock, 0), Mode: DporWrite}}})
	}
	for t := range m.p.threads {
		if m.ended(t) || m.parked[t] {
			continue
		}
		p := DporPending{Thread: uint32(t + 1), Enabled: true, Place: uint64(m.pc[t]*8 + m.stage[t] + 100*t)}
		m.announce(t, &p)
		ps = append(ps, p)
	}
	return ps
}

func write(o uint64, state int) DporAccess {
	return DporAccess{Object: o, Mode: DporWrite, Test: DporKnown, State: uint64(state)}
}

func read(o uint64, state int) DporAccess {
	return DporAccess{Object: o, Mode: DporRead, Test: DporKnown, State: uint64(state)}
}

func guard(a DporAccess, want int) DporAccess {
	a.Test, a.Want = DporGuard, uint64(want)
	return a
}

func when(a DporAccess, want int) DporAccess {
	a.Test, a.Want = DporIf, uint64(want)
	return a
}

func mode(a DporAccess, d DporMode) DporAccess {
	a.Mode = d
	return a
}

func (m *machine) chanState(c int) int {
	s := len(m.chans[c].buf)
	if m.chans[c].closed {
		s |= DporClosed
	}
	return s
}

// partner returns the index of the first waiter that a send (or receive) on c meets, or -1.
func (m *machine) partner(c int, send bool, self int) int {
	for i, w := range m.chans[c].queue {
		if w.send != send && w.thread != self {
			return i
		}
	}
	return -1
}

func (m *machine) earliest() int {
	best := 0
	for i := range m.timers {
		if m.expires[i] < m.expires[best] {
			best = i
		}
	}
	return best
}

// ready reports whether a send, receive or select case can complete at once.
func (m *machine) ready(t int, c instr) bool {
	ch := &m.chans[c.obj]
	send := c.op == "send"
	if ch.closed || m.partner(c.obj, send, t) >= 0 {
		return true
	}
	if send {
		return len(ch.buf) < ch.cap
	}
	return len(ch.buf) > 0
}

// touches returns what a send or receive of thread t on channel c may touch.
func (m *machine) touches(t int, c instr) []DporAccess {
	send := c.op == "send"
	ch := &m.chans[c.obj]
	a := DporAccess{Object: object(kindChan, c.obj), Mode: DporWrite, Test: DporKnown, State: uint64(m.chanState(c.obj)), Cap: uint32(ch.cap)}
	if i := m.partner(c.obj, send, t); i >= 0 {
		a.Test = DporNow // without a partner it would do less
		out := []DporAccess{a}
		for _, o := range ch.queue[i].chans {
			if o != c.obj {
				b := write(object(kindChan, o), m.chanState(o))
				b.Test = DporNow
				out = append(out, b)
			}
		}
		return out
	}
	if ch.cap == 0 {
		a = when(a, 0) // on a closed channel it is a read
		if ch.closed {
			a.Mode = DporRead
		}
	} else {
		a.Mode = DporRecv
		if send {
			a.Mode = DporSend
		}
	}
	return []DporAccess{a}
}

// arrives reports whether a select is an arrival, which may park.
func (m *machine) arrives(i instr) bool {
	for _, c := range i.cases {
		if m.chans[c.obj].cap == 0 {
			return true
		}
	}
	return false
}

func (m *machine) announce(t int, p *DporPending) {
	i := m.p.threads[t][m.pc[t]]
	switch i.op {
	case "spin":
		c := i.cases[m.stage[t]]
		p.Accesses = []DporAccess{read(object(kindVar, c.obj), m.vars[c.obj])}
	case "load":
		p.Accesses = []DporAccess{read(object(kindVar, i.obj), m.vars[i.obj])}
	case "store", "add":
		p.Accesses = []DporAccess{write(object(kindVar, i.obj), m.vars[i.obj])}
	case "cas":
		p.Accesses = []DporAccess{when(write(object(kindVar, i.obj), m.vars[i.obj]), i.a)}
	case "lock":
		p.Accesses = []DporAccess{guard(write(object(kindMutex, i.obj), m.mutex[i.obj]), 0)}
		p.Enabled = m.mutex[i.obj] == 0
	case "trylock":
		p.Accesses = []DporAccess{when(write(object(kindMutex, i.obj), m.mutex[i.obj]), 0)}
	case "unlock":
		p.Accesses = []DporAccess{write(object(kindMutex, i.obj), m.mutex[i.obj])}
	case "rlock":
		p.Accesses = []DporAccess{guard(read(object(kindW, i.obj), m.w[i.obj]), 0), mode(write(object(kindR, i.obj), m.r[i.obj]), DporAdd)}
		p.Enabled = m.w[i.obj] == 0
	case "runlock":
		p.Accesses = []DporAccess{mode(write(object(kindR, i.obj), m.r[i.obj]), DporSub)}
	case "wlock":
		if m.stage[t] == 0 {
			p.Accesses = []DporAccess{guard(write(object(kindW, i.obj), m.w[i.obj]), 0)}
			p.Enabled = m.w[i.obj] == 0
		} else {
			p.Accesses = []DporAccess{guard(read(object(kindR, i.obj), m.r[i.obj]), 0)}
			p.Enabled = m.r[i.obj] == 0
		}
	case "wunlock":
		p.Accesses = []DporAccess{write(object(kindW, i.obj), m.w[i.obj])}
	case "wgadd":
		p.Accesses = []DporAccess{mode(write(object(kindWG, i.obj), m.wg[i.obj]), DporAdd)}
	case "wgdone":
		p.Accesses = []DporAccess{when(mode(write(object(kindWG, i.obj), m.wg[i.obj]), DporSub), 0)}
	case "wgwait":
		p.Accesses = []DporAccess{guard(read(object(kindWG, i.obj), m.wg[i.obj]), 0)}
		p.Enabled = m.wg[i.obj] == 0
	case "once":
		// Disabled while another runs it: once is 0 or 2 for the first event.
		o := object(kindOnce, i.obj)
		if m.stage[t] == 1 {
			p.Accesses = []DporAccess{write(o, m.once[i.obj]), write(object(kindRunning, i.obj), 1), write(object(kindVar, i.a), m.vars[i.a])}
		} else {
			p.Accesses = []DporAccess{when(write(o, m.once[i.obj]), 0), guard(read(object(kindRunning, i.obj), m.once[i.obj]&1), 0)}
			p.Enabled = m.once[i.obj] != 1
		}
	case "condwait":
		switch m.stage[t] {
		case 0:
			p.Accesses = []DporAccess{write(object(kindCond, i.obj), 0), write(object(kindTicket, t), m.ticket[t])}
		case 1:
			p.Accesses = []DporAccess{write(object(kindMutex, i.a), m.mutex[i.a])}
		case 2:
			p.Accesses = []DporAccess{guard(read(object(kindTicket, t), m.ticket[t]), 1)}
			p.Enabled = m.ticket[t] == 1
		case 3:
			p.Accesses = []DporAccess{guard(write(object(kindMutex, i.a), m.mutex[i.a]), 0)}
			p.Enabled = m.mutex[i.a] == 0
		}
	case "signal", "broadcast":
		p.Accesses = []DporAccess{write(object(kindCond, i.obj), 0)}
		for k, u := range m.cond[i.obj] {
			if k == 0 || i.op == "broadcast" {
				b := write(object(kindTicket, u), m.ticket[u])
				b.Test = DporNow
				p.Accesses = append(p.Accesses, b)
			}
		}
	case "choice":
		p.Variants = 1<<i.a - 1
	case "put":
		p.Accesses = []DporAccess{write(object(kindPool, i.obj), len(m.pools[i.obj]))}
	case "get":
		a := write(object(kindPool, i.obj), len(m.pools[i.obj]))
		a.Test = DporTake
		p.Accesses, p.Variants = []DporAccess{a}, 1<<(len(m.pools[i.obj])+1)-1
	case "sleep":
		p.Accesses = []DporAccess{{Object: object(kindClock, 0), Mode: DporWrite}}
	case "send", "recv":
		p.Accesses = m.touches(t, i)
		if m.chans[i.obj].cap > 0 {
			p.Enabled = m.ready(t, i)
		}
	case "len":
		p.Accesses = []DporAccess{read(object(kindChan, i.obj), m.chanState(i.obj))}
	case "close":
		p.Accesses = []DporAccess{write(object(kindChan, i.obj), m.chanState(i.obj))}
		for _, w := range m.chans[i.obj].queue {
			for _, o := range w.chans {
				b := write(object(kindChan, o), m.chanState(o))
				b.Test = DporNow
				p.Accesses = append(p.Accesses, b)
			}
		}
	case "select":
		arrival := m.arrives(i)
		for k, c := range i.cases {
			if m.ready(t, c) {
				p.Variants |= 1 << k
			}
			for _, a := range m.touches(t, c) {
				a.Variant = uint8(k + 1)
				if i.a == 1 && (a.Mode == DporSend || a.Mode == DporRecv) { // default
					a.Test = DporTry
				}
				if arrival {
					p.Accesses = append(p.Accesses, DporAccess{Object: a.Object, Mode: DporWrite, Test: DporMay, State: a.State})
				}
				p.Accesses = append(p.Accesses, a)
			}
		}
		if p.Variants == 0 && arrival {
			// It takes the default, or parks.
			for k := range p.Accesses {
				if a := &p.Accesses[k]; a.Test != DporMay {
					a.Mode, a.Test, a.Variant = DporWrite, DporKnown, 0
					if i.a == 1 {
						a.Mode = DporRead
					}
				}
			}
		}
		if p.Variants == 0 {
			p.Enabled = arrival || i.a == 1
		}
	default:
		panic("no such instruction: " + i.op)
	}
}

// deliver completes waiter w (of channel c) with a value.
func (m *machine) deliver(c, at, value int) (woke int) {
	w := m.chans[c].queue[at]
	i := m.p.threads[w.thread][m.pc[w.thread]]
	for k := range m.chans {
		m.chans[k].queue = slices.DeleteFunc(m.chans[k].queue, func(o waiter) bool { return o.thread == w.thread })
	}
	m.parked[w.thread] = false
	reg := i.reg
	if i.op == "select" {
		m.regs[w.thread][i.reg] = w.which + 1
		reg = i.cases[w.which].reg
	}
	if !w.send {
		m.regs[w.thread][reg] = value
	} else if value == closedValue {
		m.panics[w.thread] = "send on closed channel"
	}
	m.pc[w.thread]++
	return w.thread
}

const closedValue = -9

// transfer runs a send or receive that is ready.
func (m *machine) transfer(t int, c instr) (woke []int) {
	ch := &m.chans[c.obj]
	if c.op == "send" {
		switch at := m.partner(c.obj, true, t); {
		case ch.closed:
			m.panics[t] = "send on closed channel"
		case at >= 0:
			woke = append(woke, m.deliver(c.obj, at, c.a))
		default:
			ch.buf = append(ch.buf, c.a)
		}
		return woke
	}
	switch at := m.partner(c.obj, false, t); {
	case len(ch.buf) > 0:
		m.regs[t][c.reg] = ch.buf[0]
		ch.buf = ch.buf[1:]
		if at >= 0 { // a sender that waits for room
			ch.buf = append(ch.buf, ch.queue[at].value)
			woke = append(woke, m.deliver(c.obj, at, 0))
		}
	case at >= 0:
		m.regs[t][c.reg] = ch.queue[at].value
		woke = append(woke, m.deliver(c.obj, at, 0))
	default:
		m.regs[t][c.reg] = closedValue
	}
	return woke
}

func (m *machine) park(t int, i instr, cases []instr) {
	var chans []int
	for _, c := range cases {
		chans = append(chans, c.obj)
	}
	for k, c := range cases {
		m.chans[c.obj].queue = append(m.chans[c.obj].queue, waiter{thread: t, which: k, send: c.op == "send", value: c.a, chans: chans})
	}
	m.parked[t] = true
}

// step runs the next event of thread (1 and up; 0 is the timer). It returns what
// the event touched and whom it woke.
func (m *machine) step(thread uint32, variant uint8) (acts []DporAccess, woke []int) {
	defer m.local()
	if thread == 0 {
		k := m.earliest()
		t := m.timers[k]
		m.now = max(m.now, m.expires[k])
		m.timers = slices.Delete(m.timers, k, k+1)
		m.expires = slices.Delete(m.expires, k, k+1)
		m.parked[t] = false
		m.pc[t]++
		return []DporAccess{{Object: object(kindClock, 0), Mode: DporWrite}}, []int{t}
	}
	t := int(thread - 1)
	var p DporPending
	m.announce(t, &p)
	acts = p.Accesses
	i := m.p.threads[t][m.pc[t]]
	reg := &m.regs[t][i.reg]
	next := true
	switch i.op {
	case "spin":
		c := i.cases[m.stage[t]]
		if m.vars[c.obj] != c.a {
			m.short[t] = true
		}
		m.stage[t]++
		next = false
		if m.stage[t] == len(i.cases) {
			m.failed = m.short[t]
			next = !m.failed
			m.stage[t], m.short[t] = 0, false
		}
	case "load":
		*reg = m.vars[i.obj]
	case "store":
		m.vars[i.obj] = i.a
	case "add":
		m.vars[i.obj] += i.a
		*reg = m.vars[i.obj]
	case "cas":
		*reg = 0
		if m.vars[i.obj] == i.a {
			m.vars[i.obj], *reg = i.b, 1
		} else {
			acts[0].Mode = DporRead
		}
	case "lock":
		m.mutex[i.obj] = 1
	case "trylock":
		*reg = 0
		if m.mutex[i.obj] == 0 {
			m.mutex[i.obj], *reg = 1, 1
		} else {
			acts[0].Mode = DporRead
		}
	case "unlock":
		if m.mutex[i.obj] == 0 {
			m.panics[t] = "unlock of unlocked mutex"
		}
		m.mutex[i.obj] = 0
	case "rlock":
		m.r[i.obj]++
	case "runlock":
		m.r[i.obj]--
	case "wlock":
		if m.stage[t] == 0 {
			m.w[i.obj] = 1
			m.stage[t], next = 1, false
		}
	case "wunlock":
		m.w[i.obj] = 0
	case "wgadd":
		m.wg[i.obj] += i.a
	case "wgdone":
		if m.wg[i.obj] == 0 {
			m.panics[t] = "negative counter"
			acts[0].Mode = DporWrite
		} else {
			m.wg[i.obj]--
		}
	case "wgwait":
	case "once":
		switch {
		case m.stage[t] == 1:
			m.once[i.obj] = 2
			m.vars[i.a] = i.b + t
		case m.once[i.obj] == 0:
			m.once[i.obj] = 1
			acts[1].Mode = DporWrite
			m.stage[t], next = 1, false
		default:
			acts[0].Mode = DporRead
		}
	case "condwait":
		next = m.stage[t] == 3
		switch m.stage[t] {
		case 0:
			m.cond[i.obj] = append(m.cond[i.obj], t)
			m.ticket[t] = 0
		case 1:
			if m.mutex[i.a] == 0 {
				m.panics[t] = "unlock of unlocked mutex"
			}
			m.mutex[i.a] = 0
		case 3:
			m.mutex[i.a] = 1
		}
		m.stage[t]++
	case "signal", "broadcast":
		for k, u := range m.cond[i.obj] {
			if k == 0 || i.op == "broadcast" {
				m.ticket[u] = 1
			}
		}
		if q := m.cond[i.obj]; len(q) > 0 && i.op == "signal" {
			m.cond[i.obj] = q[1:]
		} else {
			m.cond[i.obj] = nil
		}
	case "choice":
		*reg = int(variant)
	case "put":
		m.pools[i.obj] = append(m.pools[i.obj], i.a)
	case "get": // variant 0 is the item that was put last, and the last one is none
		*reg = 0
		if n := len(m.pools[i.obj]); int(variant) < n {
			at := n - 1 - int(variant)
			*reg = m.pools[i.obj][at]
			m.pools[i.obj] = slices.Delete(m.pools[i.obj], at, at+1)
		}
	case "sleep":
		m.now++
		m.timers = append(m.timers, t)
		m.expires = append(m.expires, m.now+1000*i.a)
		m.parked[t] = true
		next = false
	case "len":
		*reg = len(m.chans[i.obj].buf)
	case "send", "recv":
		if next = m.ready(t, i); next {
			acts = m.touches(t, i)
			if m.chans[i.obj].closed && (i.op == "send" || len(m.chans[i.obj].buf) == 0) {
				acts[0].Mode = DporRead
			}
			woke = m.transfer(t, i)
		} else {
			m.park(t, i, []instr{i})
		}
	case "close":
		ch := &m.chans[i.obj]
		if ch.closed {
			m.panics[t] = "close of closed channel"
			break
		}
		ch.closed = true
		for len(ch.queue) > 0 {
			woke = append(woke, m.deliver(i.obj, 0, closedValue))
		}
	case "select":
		switch {
		case p.Variants != 0:
			if p.Variants>>variant&1 == 0 {
				panic("variant is not ready")
			}
			c := i.cases[variant]
			acts = m.touches(t, c)
			if m.chans[c.obj].closed && (c.op == "send" || len(m.chans[c.obj].buf) == 0) {
				acts[0].Mode = DporRead
			}
			for k, o := range i.cases {
				if k != int(variant) && !slices.ContainsFunc(acts, func(a DporAccess) bool { return a.Object == object(kindChan, o.obj) }) {
					acts = append(acts, read(object(kindChan, o.obj), m.chanState(o.obj)))
				}
			}
			*reg = int(variant) + 1
			woke = m.transfer(t, c)
		case i.a == 1:
			acts = nil
			for _, o := range i.cases {
				acts = append(acts, read(object(kindChan, o.obj), m.chanState(o.obj)))
			}
			*reg = 0
		default:
			next = false
			m.park(t, i, i.cases)
		}
	}
	if next && m.panics[t] == "" {
		m.pc[t]++
		m.stage[t] = 0
	}
	return acts, woke
}
