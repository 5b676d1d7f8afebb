package schedtest

import (
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestBuildsOfOneBinaryWaitForEachOther(t *testing.T) {
	var g gate
	var wg sync.WaitGroup
	var inside, most atomic.Int32
	for range 50 {
		wg.Go(func() {
			defer g.enter("m.test", []string{"-race"})()
			most.Store(max(most.Load(), inside.Add(1)))
			inside.Add(-1)
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Errorf("%d builds of one binary at once", most.Load())
	}
}

func TestATestsOwnVariablesAreNotOfBuilds(t *testing.T) {
	got := ofBuilds([]string{"GOFLAGS=-race", "TWIN_DIR=x", "CGO_ENABLED=0", "TERM=xterm", "CC=clang"})
	if want := []string{"GOFLAGS=-race", "CGO_ENABLED=0", "CC=clang"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ofBuilds(append(os.Environ(), "TWIN_DIR=x")), ofBuilds(nil); !slices.Equal(got, want) {
		t.Errorf("%q, want those of this process: %q", got, want)
	}
}

func TestTheFirstBuildForADistributionIsAlone(t *testing.T) {
	var g gate
	leave := g.enter("a.test", []string{"-race"})
	entered := make(chan bool)
	go func() { g.enter("b.test", []string{"-race"})(); entered <- true }()
	g.enter("c.test", nil)() // another distribution
	select {
	case <-entered:
		t.Fatal("it has entered beside the first one")
	default:
	}
	leave()
	<-entered
	// From now on several may.
	leave = g.enter("a.test", []string{"-race"})
	g.enter("b.test", []string{"-race"})()
	leave()
}
