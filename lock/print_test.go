package lock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/lock"
)

type point struct{ X, Y int }

func TestPrint(t *testing.T) {
	m, l := lock.NewMutex(point{1, 2}), lock.NewRWLock([]string{"a"})
	poisoned := lock.NewMutex(3)
	recovered(func() { poisoned.With(func(*int) { panic("x") }) })
	half := lock.NewRWLock(3)
	recovered(func() { half.WithWrite(func(*int) { panic("x") }) })
	held, written, read := lock.NewMutex(1), lock.NewRWLock(1), lock.NewRWLock(1)
	g, w, r := held.Lock(), written.Write(), read.Read()
	u := lock.NewRWLock("up").UpgradableRead()
	lazy, bad := lock.NewLazyLock(func() int { return 5 }), lock.NewLazyLock(func() int { panic("x") })
	recovered(func() { bad.Get() })
	nested := lock.NewMutex(lock.NewMutex(7))
	for _, test := range []struct {
		format string
		v      any
		want   string
	}{
		{"%v", m, "Mutex{data: {1 2}}"},
		{"%+v", m, "Mutex{data: {X:1 Y:2}}"},
		{"%#v", m, "Mutex{data: lock_test.point{X:1, Y:2}}"},
		{"%d", m, "Mutex{data: {1 2}}"},
		{"%v", new(lock.Mutex[string]), "Mutex{data: }"},
		{"%q", new(lock.Mutex[string]), `Mutex{data: ""}`},
		{"%v", (*lock.Mutex[int])(nil), "<nil>"},
		{"%v", poisoned, "Mutex{data: 3, poisoned}"},
		{"%v", held, "Mutex{<locked>}"},
		{"%v", nested, "Mutex{data: Mutex{data: 7}}"},
		{"%v", l, "RWLock{data: [a]}"},
		{"%v", half, "RWLock{data: 3, poisoned}"},
		{"%v", written, "RWLock{<locked>}"},
		{"%v", read, "RWLock{data: 1}"},
		{"%v", g, "1"}, {"%v", w, "1"}, {"%v", r, "1"}, {"%v", u, "up"},
		{"%v", lock.Guard[int]{}, "Guard{<unlocked>}"},
		{"%v", new(lock.OnceLock[int]), "OnceLock{<uninit>}"},
		{"%v", lock.NewOnceLock(4), "OnceLock{data: 4}"},
		{"%v", lazy, "LazyLock{<uninit>}"},
		{"%v", bad, "LazyLock{<poisoned>}"},
		{"%v", new(lock.Condvar), "Condvar{..}"},
		{"%v", new(lock.Once), "Once{..}"},
		{"%v", lock.NewBarrier(2), "Barrier{..}"},
		{"%v", map[string]any{"m": m}, "map[m:Mutex{data: {1 2}}]"},
		{"%v", struct{ M *lock.Mutex[point] }{m}, "{Mutex{data: {1 2}}}"},
	} {
		if got := fmt.Sprintf(test.format, test.v); got != test.want {
			t.Errorf("%s of a %T: %s, want %s", test.format, test.v, got, test.want)
		}
	}
	if lazy.Get(); fmt.Sprint(lazy) != "LazyLock{data: 5}" {
		t.Errorf("%v", lazy)
	}
	g.Unlock()
	w.Unlock()
	r.Unlock()
	u.Unlock()
	if checked.Build && fmt.Sprint(g, w, r, u) != "Guard{<unlocked>} WriteGuard{<unlocked>} ReadGuard{<unlocked>} UpgradableGuard{<unlocked>}" {
		t.Error(g, w, r, u)
	}
	if fmt.Sprint(held, written, read) != "Mutex{data: 1} RWLock{data: 1} RWLock{data: 1}" {
		t.Error("printing left a lock locked:", held, written, read)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "m", m)
	if !strings.Contains(log.String(), `m="Mutex{data: {X:1 Y:2}}"`) {
		t.Error(log.String())
	}
}

// What prints itself may use the lock that it is printed with.
type selfish struct{ m *lock.Mutex[selfish] }

func (s selfish) String() string { return fmt.Sprintf("selfish %v", s.m) }

func TestPrintOfItself(t *testing.T) {
	m := lock.NewMutex(selfish{})
	m.With(func(s *selfish) { s.m = m })
	if got := fmt.Sprint(m); got != "Mutex{data: selfish Mutex{<locked>}}" {
		t.Error(got)
	}
}

// With -race: nothing is read that somebody else may be writing.
func TestPrintWhileOthersWrite(t *testing.T) {
	m, l := lock.NewMutex([]int{1}), lock.NewRWLock([]int{1})
	var once lock.OnceLock[[]int]
	lazy := lock.NewLazyLock(func() []int { return []int{1} })
	var c lock.Condvar
	var o lock.Once
	b := lock.NewBarrier(1)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 300 {
			m.With(func(v *[]int) { *v = append(*v, 1) })
			l.WithWrite(func(v *[]int) { *v = append(*v, 1) })
			once.Set([]int{1})
			lazy.Get()
			c.NotifyAll()
			o.Do(func() {})
			b.Wait()
		}
	})
	for range 100 {
		fmt.Fprintln(io.Discard, m, l, &once, lazy, &c, &o, b)
		if _, err := json.Marshal([]any{m, l, &once}); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

func TestJSON(t *testing.T) {
	type service struct {
		Hits  lock.Mutex[int]
		Names *lock.RWLock[map[string]int]
		Start lock.OnceLock[string]
		Lazy  *lock.LazyLock[int]
	}
	s := &service{Names: lock.NewRWLock(map[string]int{"a": 1}), Lazy: lock.NewLazyLock(func() int { return 5 })}
	s.Hits.With(func(n *int) { *n = 7 })
	text, err := json.Marshal(s)
	if want := `{"Hits":7,"Names":{"a":1},"Start":null,"Lazy":5}`; err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
	if err := json.Unmarshal([]byte(`{"Hits": 8, "Names": {"b": 2}}`), s); err != nil {
		t.Error(err)
	}
	if s.Hits.Lock().Get() != 8 {
		t.Error("Hits was not read")
	}
	s.Names.WithRead(func(v map[string]int) {
		if len(v) != 2 || v["b"] != 2 {
			t.Errorf("Names: %v", v)
		}
	})
	m, l := lock.NewMutex(1), lock.NewRWLock(1)
	recovered(func() { m.With(func(*int) { panic("x") }) })
	recovered(func() { l.WithWrite(func(*int) { panic("x") }) })
	for _, v := range []any{m, l} {
		var poison *lock.PoisonError
		if _, err := json.Marshal(v); !errors.As(err, &poison) {
			t.Errorf("Marshal of a poisoned %T: %v", v, err)
		}
		if err := json.Unmarshal([]byte("2"), v); !errors.As(err, &poison) {
			t.Errorf("Unmarshal of a poisoned %T: %v", v, err)
		}
	}
	if v, _ := m.LockResult(); v.Get() != 1 {
		t.Error("the data of a poisoned Mutex was changed")
	}
	if err := json.Unmarshal([]byte("wrong"), lock.NewMutex(1)); err == nil {
		t.Error("no JSON was read")
	}
}
