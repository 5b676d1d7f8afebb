package arc_test

import (
	"fmt"
	"sync"

	"github.com/fearless-go/fearless/arc"
)

type connection struct{ name string }

func (c *connection) Close() error {
	fmt.Println("closing", c.name)
	return nil
}

// Three threads and main share a connection. Whoever is last closes it.
func ExampleArc() {
	conn := arc.New(connection{"db"})
	var wg sync.WaitGroup
	for range 3 {
		conn := conn.Clone()
		wg.Go(func() {
			defer conn.Drop()
			_ = conn.Ptr().name
		})
	}
	wg.Wait()
	fmt.Println(conn.StrongCount(), "owner")
	conn.Drop()
	// Output:
	// 1 owner
	// closing db
}

func ExampleUseAfterDropError() {
	defer func() {
		err, _ := recover().(*arc.UseAfterDropError)
		fmt.Println(err.Op, "of", err.Type)
	}()
	a := arc.New(5)
	a.Drop()
	a.Drop()
	// Output: Drop of Arc[int]
}

func ExampleArc_GetMut() {
	a := arc.New([]int{3, 1, 2})
	b := a.Clone()
	_, alone := a.GetMut()
	fmt.Println(alone)
	b.Drop()
	if p, ok := a.GetMut(); ok {
		*p = append(*p, 4)
	}
	fmt.Println(a.Get())
	// Output:
	// false
	// [3 1 2 4]
}

// Copy on write: a snapshot that costs nothing until somebody changes it.
func ExampleArc_MakeMut() {
	config := arc.New(map[string]int{"port": 80})
	snapshot := config.Clone()
	*config.MakeMut() = map[string]int{"port": 8080}
	fmt.Println(config.Get()["port"], snapshot.Get()["port"])
	// Output: 8080 80
}

func ExampleArc_TryUnwrap() {
	a := arc.New(connection{"db"})
	if conn, ok := a.TryUnwrap(); ok {
		fmt.Println("err:", conn.Close()) // by hand, to see the error
	}
	// Output:
	// closing db
	// err: <nil>
}

// However the threads interleave, exactly one gets the results.
func ExampleArc_IntoInner() {
	results := arc.New([]string{"done"})
	other := results.Clone()
	_, first := other.IntoInner()
	v, second := results.IntoInner()
	fmt.Println(first, second, v)
	// Output: false true [done]
}

func ExampleArc_PtrEq() {
	a, b := arc.New(1), arc.New(1)
	c := a.Clone()
	fmt.Println(a.PtrEq(c), a.PtrEq(b))
	// Output: true false
}

func ExampleWeak() {
	cache := arc.New("expensive")
	w := cache.Downgrade()
	if v, ok := w.Upgrade(); ok {
		fmt.Println(v.Get())
		v.Drop()
	}
	cache.Drop()
	_, ok := w.Upgrade()
	fmt.Println(ok)
	w.Drop()
	// Output:
	// expensive
	// false
}

// A gadget that can hand out owners of itself.
type gadget struct{ me arc.Weak[gadget] }

func (g *gadget) Me() (arc.Arc[gadget], bool) { return g.me.Upgrade() }
func (g *gadget) Drop()                       { g.me.Drop() }

func ExampleNewCyclic() {
	a := arc.NewCyclic(func(me *arc.Weak[gadget]) gadget {
		return gadget{me: me.Clone()}
	})
	b, ok := a.Ptr().Me()
	fmt.Println(ok, a.PtrEq(b), a.StrongCount())
	// Output: true true 2
}

func ExampleSetLeakHook() {
	// First thing in main, or in TestMain to fail a test run that leaks.
	arc.SetLeakHook(func(l arc.Leak) { fmt.Println(l) })
	defer arc.SetLeakHook(nil)

	a := arc.New("value")
	a.Drop() // without this line: arc: Arc[string] made at main.go:12 was never dropped …
	// Output:
}
