package lock_test

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func ExampleMutex() {
	counter := lock.NewMutex(0)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() {
				for range 100 {
					counter.With(func(n *int) { *n++ })
				}
			})
		}
	})
	fmt.Println(counter.IntoInner())
	// Output: 1000 <nil>
}

func ExampleMutex_LockResult() {
	balance := lock.NewMutex(100)
	func() {
		defer func() { recover() }()
		balance.With(func(n *int) {
			*n = -1
			panic("in the middle of a change")
		})
	}()

	g, err := balance.LockResult()
	var poisoned *lock.PoisonError
	if errors.As(err, &poisoned) {
		fmt.Println("mending", g.Get())
		g.Set(100)
		balance.ClearPoison()
	}
	g.Unlock()
	balance.With(func(n *int) { fmt.Println(*n) })
	// Output:
	// mending -1
	// 100
}

func ExampleMutex_LockTimeout() {
	m := lock.NewMutex(0)
	g := m.Lock()
	_, err := m.LockTimeout(time.Millisecond)
	fmt.Println(errors.Is(err, lock.ErrTimeout))
	g.Unlock()
	// Output: true
}

func ExampleMutex_TryLock() {
	m := lock.NewMutex("data")
	if g, err := m.TryLock(); err == nil {
		fmt.Println(g.Get())
		g.Unlock()
	}
	// Output: data
}

func ExampleGuard() {
	names := lock.NewMutex([]string{"Ada"})
	add := func(name string) {
		g := names.Lock()
		defer g.Unlock()
		*g.Ptr() = append(*g.Ptr(), name)
	}
	add("Grace")
	fmt.Println(names.IntoInner())
	// Output: [Ada Grace] <nil>
}

func ExampleRWLock() {
	config := lock.NewRWLock(map[string]string{"color": "red"})
	config.WithRead(func(c map[string]string) { fmt.Println(c["color"]) })
	config.WithWrite(func(c *map[string]string) { (*c)["color"] = "blue" })
	g := config.Read()
	fmt.Println(g.Get()["color"])
	g.Unlock()
	// Output:
	// red
	// blue
}

func ExamplePolicy() {
	l := lock.NewRWLock(0, lock.WriterPreferring)
	l.WithWrite(func(n *int) { *n = 1 })
	l.WithRead(func(n int) { fmt.Println(n) })
	// Output: 1
}

func ExampleReadGuard() {
	l := lock.NewRWLock("text")
	a, b := l.Read(), l.Read() // any number at once, but one for each thread
	fmt.Println(a.Get() == b.Get())
	a.Unlock()
	b.Unlock()
	// Output: true
}

func ExampleWriteGuard_Downgrade() {
	l := lock.NewRWLock(1)
	w := l.Write()
	w.Set(2)
	r := w.Downgrade() // no other writer comes between
	fmt.Println(r.Get())
	r.Unlock()
	// Output: 2
}

func ExampleUpgradableGuard() {
	cache := lock.NewRWLock(map[string]int{})
	lookup := func(key string) int {
		u := cache.UpgradableRead() // plain readers may read beside it
		if v, ok := u.Get()[key]; ok {
			u.Unlock()
			return v
		}
		w := u.Upgrade()
		defer w.Unlock()
		w.Get()[key] = len(key)
		return len(key)
	}
	fmt.Println(lookup("fearless"), lookup("fearless"))
	// Output: 8 8
}

func ExampleCondvar() {
	queue := lock.NewMutex([]int{})
	var notEmpty lock.Condvar
	consumer := thread.Spawn(func() int {
		g := queue.Lock()
		defer g.Unlock()
		notEmpty.WaitWhile(g, func() bool { return len(g.Get()) == 0 })
		return g.Get()[0]
	})
	queue.With(func(q *[]int) { *q = append(*q, 17) })
	notEmpty.NotifyOne()
	fmt.Println(consumer.Join())
	// Output: 17 <nil>
}

func ExampleOnce() {
	var once lock.Once
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { once.Do(func() { fmt.Println("once") }) })
	}
	wg.Wait()
	// Output: once
}

func ExampleOnceLock() {
	var key lock.OnceLock[int]
	fmt.Println(key.Get())
	fmt.Println(key.GetOrInit(func() int { return 17 }))
	fmt.Println(key.GetOrInit(func() int { return 18 }), key.Set(19))
	// Output:
	// 0 false
	// 17
	// 17 false
}

func ExampleLazyLock() {
	table := lock.NewLazyLock(func() []int {
		fmt.Println("computed")
		return []int{1, 1, 2, 3, 5}
	})
	fmt.Println(table.Get()[4], table.Get()[3])
	// Output:
	// computed
	// 5 3
}

func ExampleBarrier() {
	b := lock.NewBarrier(3)
	var leaders lock.Mutex[int]
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 3 {
			s.Go(func() {
				if b.Wait() {
					leaders.With(func(n *int) { *n++ })
				}
			})
		}
	})
	fmt.Println(leaders.IntoInner())
	// Output: 1 <nil>
}

func ExamplePoisonError() {
	m := lock.NewMutex(0)
	func() {
		defer func() { recover() }()
		m.With(func(*int) { panic("x") })
	}()
	defer func() { fmt.Println(recover()) }()
	m.Lock()
	// Output: lock: the Mutex is poisoned, because a thread panicked in it: mend the data through LockResult and call ClearPoison
}

// The last element is taken out under the lock, or an error comes back.
func ExampleWithResult() {
	stack := lock.NewMutex([]string{"a", "b"})
	pop := func() (string, error) {
		return lock.WithResult(stack, func(s *[]string) (string, error) {
			if len(*s) == 0 {
				return "", errors.New("empty")
			}
			last := (*s)[len(*s)-1]
			*s = (*s)[:len(*s)-1]
			return last, nil
		})
	}
	fmt.Println(pop())
	fmt.Println(pop())
	fmt.Println(pop())
	// Output:
	// b <nil>
	// a <nil>
	//  empty
}

// A printed lock shows its data, if nobody holds it.
func ExampleMutex_Format() {
	m := lock.NewMutex(3)
	fmt.Println(m)
	m.With(func(*int) { fmt.Println(m) })
	// Output:
	// Mutex{data: 3}
	// Mutex{<locked>}
}

func ExampleOnceLock_Wait() {
	var config lock.OnceLock[string]
	reader := thread.Go(func() { fmt.Println("configured:", config.Wait()) })
	config.Set("production")
	reader.Join()
	// Output: configured: production
}

func ExampleMap() {
	type account struct {
		Owner string
		Cents int
	}
	m := lock.NewMutex(account{"Ada", 500})
	cents := lock.Map(m.Lock(), func(a *account) *int { return &a.Cents })
	*cents.Ptr() += 100 // a function that gets cents cannot reach Owner
	cents.Unlock()
	fmt.Println(m)
	// Output: Mutex{data: {Ada 600}}
}

func ExampleMapRead() {
	l := lock.NewRWLock(map[string]*int{"a": new(int)})
	entry, ok := lock.FilterMapRead(l.Read(), func(m *map[string]*int) *int { return (*m)["a"] })
	fmt.Println(entry.Get(), ok)
	entry.Unlock()
	// Output: 0 true
}

func ExampleOnce_DoForceState() {
	var setup lock.Once
	func() {
		defer func() { recover() }()
		setup.Do(func() { panic("half way") })
	}()
	setup.DoForceState(func(s lock.OnceState) {
		if s.IsPoisoned() {
			fmt.Println("cleaning up first")
		}
	})
	fmt.Println(setup.IsCompleted())
	// Output:
	// cleaning up first
	// true
}

func ExampleUpgradableGuard_WithUpgraded() {
	cache := lock.NewRWLock(map[string]int{})
	func() {
		g := cache.UpgradableRead()
		defer g.Unlock()
		if _, ok := g.Get()["answer"]; !ok {
			g.WithUpgraded(func(m *map[string]int) { (*m)["answer"] = 42 })
		}
	}()
	fmt.Println(cache)
	// Output: RWLock{data: map[answer:42]}
}

func ExampleMappedReadGuard() {
	type config struct{ hosts []string }
	l := lock.NewRWLock(config{[]string{"a", "b"}})

	hosts := lock.MapRead(l.Read(), func(c *config) *[]string { return &c.hosts })
	first, ok := lock.FilterMapRead(hosts, func(all *[]string) *string {
		if len(*all) == 0 {
			return nil
		}
		return &(*all)[0]
	})
	if !ok {
		hosts.Unlock() // it is still valid
		return
	}
	defer first.Unlock()
	fmt.Println(first.Get())
	// Output: a
}
