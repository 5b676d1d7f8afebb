package schedtest_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

func TestTwoLocksOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	_, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

type account struct{ mu sync.Mutex }

func move(a, b *account) {
	a.mu.Lock()
	b.mu.Lock()
	b.mu.Unlock()
	a.mu.Unlock()
}

func TestX(t *testing.T) {
	x, y := &account{}, &account{}
	var wg sync.WaitGroup
	wg.Go(func() { move(x, y) })
	wg.Go(func() { move(y, x) })
	wg.Wait()
}
`)
	if want := "waits for b.mu#1, held by goroutine 4, which waits for b.mu#2, held by goroutine 3"; !strings.Contains(text, want) {
		t.Errorf("%q is not in the report:\n%s", want, text)
	}
}

func TestTwoWaitersOfOneLockAreNotToldApartLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	_, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { mu.Lock() })
	}
	wg.Wait()
}
`)
	if strings.Count(text, "sync.Mutex.Lock on mu at") != 2 || strings.Contains(text, "mu#") {
		t.Errorf("one lock is numbered:\n%s", text)
	}
}

// A second RLock waits for the writer that waits, not for the reader that holds the lock.
func TestAReaderIsBehindAWriterLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	for _, lock := range []string{"mu.RLock", "mu.RLocker().Lock"} {
		_, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.RWMutex
	done := make(chan bool)
	go func() { mu.Lock(); mu.Unlock(); close(done) }()
	`+lock+`()
	`+lock+`()
	mu.RUnlock()
	mu.RUnlock()
	<-done
}
`)
		if !strings.Contains(text, ", behind goroutine 3, a writer that waits for it at m_test.go:11") ||
			!strings.Contains(text, ", behind goroutine 3, a writer, which waits for mu, held by goroutine 2") {
			t.Errorf("with %s the report does not name the writer:\n%s", lock, text)
		}
	}
}

// A goroutine that a go statement starts in the library, or by a wrapper, is named by
// that statement.
func TestAGoroutineOfACallIsNamedByItsGoStatementLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	_, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu, x sync.Mutex
	mu.Lock()
	go mu.Lock()
	c := make(chan int)
	go close(c)
	<-c
	x.Lock()
	go x.Unlock()
	x.Lock()
	x.Lock()
}
`)
	for _, want := range []string{
		"go mu.Lock(): sync.Mutex.Lock on mu at m_test.go:11, held by goroutine 2 since m_test.go:10",
		"sync.Mutex.Lock on x at m_test.go:18, held by goroutine 2 since m_test.go:17\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the report:\n%s", want, text)
		}
	}
	if strings.Contains(text, "gowrap") || strings.Contains(text, "sema.go") {
		t.Errorf("the report shows what the user has not written:\n%s", text)
	}
}
