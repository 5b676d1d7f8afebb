package subtests

import (
	"sync"
	"testing"
)

var cases = []struct {
	name string
	n    int
}{{"one", 1}, {"two", 2}}

func TestShared(t *testing.T) {
	var got int
	var err error
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err = Double(c.n) // want "`got` is written here, without a lock, by what runs in several goroutines at once: the subtests call Parallel, and run together, at subtests_test.go:[0-9]+" "`err` is written here"
			if got != 2*c.n || err != nil {
				t.Error(got, err)
			}
		})
	}
}

func TestMap(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			seen[c.name] = true // want "`seen` is written here, without a lock"
		})
	}
}

func TestTwo(t *testing.T) {
	calls := 0
	t.Run("first", func(t *testing.T) {
		t.Parallel()
		calls++ // want "`calls` is written here, and .* at subtests_test.go:[0-9]+, neither with a lock: both tests call Parallel, and run together"
	})
	t.Run("second", func(t *testing.T) {
		t.Parallel()
		calls++
	})
}

var last int

func TestFirst(t *testing.T) {
	t.Parallel()
	last = 1 // want "`last` is written here, and .* at subtests_test.go:[0-9]+, neither with a lock: both tests call Parallel"
}

func TestSecond(t *testing.T) {
	t.Parallel()
	if last == 2 {
		t.Error(last)
	}
}

func TestGroup(t *testing.T) {
	sum := 0
	t.Run("group", func(t *testing.T) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				sum += c.n // want "`sum` is written here, without a lock"
			})
		}
	})
	t.Log(sum)
}

// From here on nothing is wrong.

func TestOwn(t *testing.T) {
	for _, c := range cases {
		want := 0
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := c.n
			n++
			want = n
			t.Log(want)
		})
	}
}

func TestLocked(t *testing.T) {
	var mu sync.Mutex
	n := 0
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mu.Lock()
			defer mu.Unlock()
			n += c.n
		})
	}
}

func TestSequential(t *testing.T) {
	n := 0
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n += c.n
		})
	}
}

func TestBefore(t *testing.T) {
	n := 0
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n += c.n
			t.Parallel()
			Double(c.n)
		})
	}
}

func TestElements(t *testing.T) {
	results := make([]int, len(cases))
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			results[i] = c.n
		})
	}
}

func TestAlone(t *testing.T) {
	n := 0
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		n++
	})
	t.Run("other", func(t *testing.T) {
		t.Parallel()
		t.Log("nothing")
	})
}

func TestTold(t *testing.T) {
	done := make(chan bool, 1)
	n := 0
	t.Run("writes", func(t *testing.T) {
		t.Parallel()
		n = 1
		done <- true
	})
	t.Run("reads", func(t *testing.T) {
		t.Parallel()
		<-done
		t.Log(n)
	})
}

var once sync.Once
var ready bool

func TestOnceA(t *testing.T) {
	t.Parallel()
	once.Do(func() { ready = true })
	t.Log(ready)
}

func TestOnceB(t *testing.T) {
	t.Parallel()
	once.Do(func() { ready = true })
	t.Log(ready)
}
