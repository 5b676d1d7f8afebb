package prove

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestPoolProven(t *testing.T) {
	p := sync.Pool{New: func() any { return new(int) }}
	p.Put(new(int))
	p.Get()
}

func TestPoolReuseFails(t *testing.T) {
	p := sync.Pool{New: func() any { return new(int) }}
	x := p.Get().(*int)
	*x = 7
	p.Put(x)
	if y := p.Get().(*int); *y != 0 {
		t.Error("an old value")
	}
}

func TestPoolNoneFails(t *testing.T) {
	var p sync.Pool
	p.Put(1)
	if p.Get() == nil {
		t.Error("none")
	}
}

func TestPoolSecondFails(t *testing.T) { // the older of two
	var p sync.Pool
	p.Put(1)
	p.Put(2)
	if p.Get() == 1 && p.Get() == 2 {
		t.Error("both, the older first")
	}
}

func TestPoolNeverTwiceProven(t *testing.T) {
	var p sync.Pool
	p.Put(1)
	var wg sync.WaitGroup
	var got atomic.Int32
	for range 2 {
		wg.Go(func() {
			if p.Get() != nil {
				got.Add(1)
			}
		})
	}
	wg.Wait()
	if got.Load() > 1 {
		t.Error(got.Load())
	}
}

func TestPoolOrdersProven(t *testing.T) { // no data race: Put comes before the Get of the same
	var p sync.Pool
	var wg sync.WaitGroup
	wg.Go(func() { x := new(int); *x = 1; p.Put(x) })
	wg.Go(func() {
		if x, ok := p.Get().(*int); ok {
			*x++
		}
	})
	wg.Wait()
}

func TestPoolUseAfterPutFails(t *testing.T) { // a data race
	var p sync.Pool
	var wg sync.WaitGroup
	wg.Go(func() { x := new(int); p.Put(x); *x = 1 })
	wg.Go(func() {
		if x, ok := p.Get().(*int); ok {
			*x++
		}
	})
	wg.Wait()
}

// The Get of one does not order what belongs to another.
func TestPoolOtherItemFails(t *testing.T) {
	var p sync.Pool
	n := 0
	var wg sync.WaitGroup
	p.Put(1)
	wg.Go(func() { n++; p.Put(2) })
	wg.Go(func() {
		if p.Get() == 1 {
			n++
		}
	})
	wg.Wait()
}

var sharedPool sync.Pool

func TestPoolOfPackageProven(t *testing.T) {
	sharedPool.Put(1)
	if x := sharedPool.Get(); x != 1 && x != nil {
		t.Error(x)
	}
}

var initPool sync.Pool

func init() { initPool.Put(3) }

func TestPoolOfInitUndecided(t *testing.T) { _ = initPool.Get() }

type poolPrinter struct{ p *sync.Pool }

func (p poolPrinter) String() string { p.p.Get(); return "x" }

func TestPoolInLogProven(t *testing.T) {
	var p sync.Pool
	p.Put(1)
	t.Log(poolPrinter{&p})
}

func TestPoolOfManyUndecided(t *testing.T) {
	var p sync.Pool
	for i := range 70 {
		p.Put(i)
	}
	p.Get()
}
