package prove

import (
	crand "crypto/rand"
	"fmt"
	"maps"
	"os"
	"reflect"
	"sync"
	"testing"
)

// Things that are no events, each of which takes a lock, or hands something on: between
// two accesses it must not hide that they race.
var unseen = map[string]func(t *testing.T){
	"format": func(*testing.T) { _ = fmt.Sprintf("%d %v", 1, []string{"a"}) },
	"print":  func(*testing.T) { fmt.Fprint(os.Stdout, "") },
	"log":    func(t *testing.T) { t.Log("") },
	"output": func(t *testing.T) { fmt.Fprintln(t.Output(), "") },
	"helper": func(t *testing.T) { t.Helper() },
	"folder": func(t *testing.T) { t.TempDir() },
}

// race has two goroutines write x, one before and one behind what is done.
func race(t *testing.T, what string) {
	for _, turned := range []bool{false, true} {
		x := 0
		do := unseen[what]
		var wg sync.WaitGroup
		first, second := func() { x = 1; do(t) }, func() { do(t); x = 2 }
		if turned {
			first, second = second, first
		}
		wg.Go(first)
		wg.Go(second)
		wg.Wait()
		_ = x
	}
}

func TestRaceBesideFormatFails(t *testing.T) { race(t, "format") }
func TestRaceBesidePrintFails(t *testing.T)  { race(t, "print") }
func TestRaceBesideLogFails(t *testing.T)    { race(t, "log") }
func TestRaceBesideOutputFails(t *testing.T) { race(t, "output") }
func TestRaceBesideHelperFails(t *testing.T) { race(t, "helper") }
func TestRaceBesideFolderFails(t *testing.T) { race(t, "folder") }

func TestUnseenProven(t *testing.T) { // alone they race with nothing
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for _, what := range []string{"format", "print", "log", "output", "helper"} {
				unseen[what](t)
			}
		})
	}
	wg.Wait()
	t.Log("and behind them")
	t.TempDir()
}

func TestPrintedRaceFails(t *testing.T) { // what is printed is read
	b := []byte("\n")
	var wg sync.WaitGroup
	wg.Go(func() { os.Stdout.Write(b) })
	wg.Go(func() { b[0] = '\r' })
	wg.Wait()
}

func TestParallelSubtestsRaceFails(t *testing.T) {
	n := 0
	for range 2 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			n++
		})
	}
}

func TestBehindParallelSubtestsProven(t *testing.T) { // what is behind all is in order
	n := make([]int, 2)
	for i := range 2 {
		n[i] = i
		t.Run("", func(t *testing.T) {
			t.Parallel()
			n[i]++
		})
	}
	t.Cleanup(func() {
		if n[0] != 1 || n[1] != 2 {
			t.Error(n)
		}
	})
}

func TestReflectMapKeysUndecided(t *testing.T) {
	if reflect.ValueOf(map[int]bool{1: true, 2: true}).MapKeys()[0].Int() == 3 {
		t.Error("3")
	}
}

func TestReflectMapRangeUndecided(t *testing.T) {
	for it := reflect.ValueOf(map[int]bool{1: true, 2: true}).MapRange(); it.Next(); {
		if it.Key().Int() == 3 {
			t.Error("3")
		}
	}
}

func TestMapsComparedProven(t *testing.T) { // in whichever order
	if a := map[int]int{1: 1, 2: 2}; !reflect.DeepEqual(a, maps.Clone(a)) {
		t.Error("not equal")
	}
}

func TestMapGrowsInRangeUndecided(t *testing.T) {
	m := map[int]bool{0: true}
	for k := range m {
		if k < 3 {
			m[k+1] = true
		}
	}
}

func TestMapEntryReplacedInRangeUndecided(t *testing.T) {
	m := map[int]bool{0: true, 1: true}
	delete(m, 0) // its place is the first that is free
	for k := range m {
		if k == 1 {
			delete(m, 1)
			m[2] = true
		}
	}
}

func TestMapOfOneProven(t *testing.T) {
	m := map[int]int{1: 1}
	for k := range m {
		m[k]++
	}
	for k := range m {
		delete(m, k)
	}
	if len(m) != 0 {
		t.Error(m)
	}
}

func TestCryptoRandUndecided(t *testing.T) {
	var b [8]byte
	crand.Read(b[:])
}
