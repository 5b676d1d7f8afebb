package latch

import "sync"

// A worker starts its goroutine when it is needed first.
type worker struct {
	mu    sync.Mutex
	start sync.Once
	again sync.Once
	ch    chan int
	size  int
}

func (w *worker) run() {
	for range w.ch {
		_ = w.size
	}
}

// Right: the write and the start are in one run of the Once, however often it is called.
func (w *worker) need() {
	w.start.Do(func() {
		w.ch = make(chan int, 1)
		go w.run()
	})
	select {
	case w.ch <- 1:
	default:
	}
}

func (w *worker) Write() {
	w.mu.Lock()
	defer w.mu.Unlock()
	unknown()
	w.need()
	if w.size > 3 {
		w.grow()
	}
	for range w.size {
		w.need()
	}
}

func (w *worker) grow() { w.need() }

// A late one writes behind the start, in the same run.
type late struct {
	start sync.Once
	ch    chan int
	size  int
}

func (l *late) need() {
	l.start.Do(func() {
		l.ch = make(chan int, 1)
		go func() { println(l.size) }()
		l.size = 4 // want "`l.size` is written here and read by the goroutine"
	})
}

func (l *late) Write() {
	unknown()
	l.need()
	l.need()
}

// A pair has two of them.
type pair struct {
	one, two sync.Once
	size     int
}

func (p *pair) Write() {
	unknown()
	p.one.Do(func() { go func() { println(p.size) }() })
	p.two.Do(func() { p.size = 3 }) // want "`p.size` is written here and read by the goroutine"
}

// A list has one for each element.
type list struct {
	once [3]sync.Once
	size int
}

func (l *list) need(i int) {
	l.once[i].Do(func() {
		l.size++ // want "`l.size` is written here and read by the goroutine"
		go func() { println(l.size) }()
	})
}

func (l *list) Write() {
	unknown()
	l.need(0)
	l.need(1)
}

// A restart runs its function again, since its Once is made new.
type restart struct {
	once sync.Once
	size int
}

func (r *restart) need() {
	r.once.Do(func() {
		r.size++ // want "`r.size` is written here and read by the goroutine"
		go func() { println(r.size) }()
	})
}

func (r *restart) Write() {
	unknown()
	r.need()
	r.once = sync.Once{}
	r.need()
}

// A renewed is overwritten as a whole.
type renewed struct {
	once sync.Once
	size int
}

func (r *renewed) need() {
	r.once.Do(func() {
		r.size++ // want "`r.size` is written here and read by the goroutine"
		go func() { println(r.size) }()
	})
}

func (r *renewed) Write() {
	unknown()
	r.need()
	*r = renewed{} // want "`r` is written here and read by the goroutine"
	r.need()
}

// A chain keeps its Once elsewhere, and gets another elsewhere.
type chain struct {
	link *link
	size int
}

type link struct{ once sync.Once }

func (c *chain) need() {
	c.link.once.Do(func() {
		c.size++ // want "`c.size` is written here and read by the goroutine"
		go func() { println(c.size) }()
	})
}

func (c *chain) Write() {
	unknown()
	c.need()
	c.link = new(link)
	c.need()
}

// Right: a Once that is only written before others know of it is one for ever.
type fresh struct {
	once sync.Once
	link *link
	size int
}

func newFresh() *fresh {
	f := new(fresh)
	f.once = sync.Once{}
	f.link = new(link)
	return f
}

func (f *fresh) need() {
	f.once.Do(func() {
		f.size++
		go func() { println(f.size) }()
	})
}

func (f *fresh) also() {
	f.link.once.Do(func() {
		f.size++
		go func() { println(f.size) }()
	})
}

func (f *fresh) Write() {
	unknown()
	f.need()
	f.need()
}

type other struct{ fresh }

func (o *other) Write() {
	unknown()
	o.also()
	o.also()
}
