// Package orders takes pairs of locks in opposite orders.
package orders

import "sync"

type bank struct {
	mu       sync.Mutex
	accounts map[string]int
	log      *journal
}

type journal struct {
	mu    sync.Mutex
	lines []string
	bank  *bank
}

func (b *bank) report() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.log.append("report")
}

func (l *journal) append(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

func (l *journal) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bank.mu.Lock() // want `bank.mu is taken here while journal.mu is held since orders.go:31, but report holds bank.mu \(since orders.go:19\) and takes journal.mu at orders.go:25: goroutines that do this at once wait for each other forever`
	defer l.bank.mu.Unlock()
	clear(l.bank.accounts)
}

// Two variables, two goroutines.
func variables() {
	var a, b sync.Mutex
	go func() {
		a.Lock()
		defer a.Unlock()
		b.Lock()
		defer b.Unlock()
	}()
	go func() {
		b.Lock()
		defer b.Unlock()
		a.Lock() // want `a is taken here while b is held since orders.go:48, but variables\$1 holds a \(since orders.go:42\) and takes b at orders.go:44`
		defer a.Unlock()
	}()
}

// A circle of three.
var first, second, third sync.Mutex

func one() {
	first.Lock()
	second.Lock()
	second.Unlock()
	first.Unlock()
}

func two() {
	second.Lock()
	third.Lock()
	third.Unlock()
	second.Unlock()
}

func three() {
	third.Lock()
	first.Lock() // want `first is taken here while third is held since orders.go:73, but one holds first \(since orders.go:59\) and takes second at orders.go:60 and two holds second`
	first.Unlock()
	third.Unlock()
}

// A method calls another that locks the same mutex.
func (b *bank) add(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.has(name) { // want `b.mu is locked by has \(at orders.go:89\), which is called here while this goroutine holds it since orders.go:81: it waits for itself forever`
		b.accounts[name] = 0
	}
}

func (b *bank) has(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.accounts[name]
	return ok
}

type registry struct {
	sync.RWMutex
	names []string
}

func (r *registry) describe() string {
	r.RLock()
	defer r.RUnlock()
	return "registry of " + r.first() // want `r is read-locked by first, through get \(at orders.go:109\), which is called here while this goroutine holds it since orders.go:101: when a writer waits in between, neither ever goes on`
}

func (r *registry) first() string { return r.get(0) }

func (r *registry) get(i int) string {
	r.RLock()
	defer r.RUnlock()
	return r.names[i]
}

// The function in the field is one that captures the object.
type lessor struct {
	mu         sync.Mutex
	checkpoint func()
}

func (l *lessor) setCheckpoint(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checkpoint = f
}

func (l *lessor) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checkpoint() // want `l.mu is locked by the function \(at orders.go:135\), which is called here while this goroutine holds it since orders.go:127`
}

func newLessor() *lessor {
	l := &lessor{}
	l.setCheckpoint(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
	})
	return l
}

// Two instances of one field, in the order of the arguments.
type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= n
	to.balance += n
}

func transfers() {
	a, b := new(account), new(account)
	go transfer(a, b, 1)
	go transfer(b, a, 2) // want `b.mu is held here while a.mu is taken, but at orders.go:158 it is the other way round: goroutines that do this at once wait for each other forever`
}

type log struct{ mu sync.Mutex }

func (l *log) write(needLock bool) {
	lock := func() {
		if needLock {
			l.mu.Lock()
		}
	}
	lock()
	println()
	if needLock {
		l.mu.Unlock()
	}
}

func (l *log) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(true) // want "l.mu is locked by write .*, which is called here while this goroutine holds it since .*"
}
