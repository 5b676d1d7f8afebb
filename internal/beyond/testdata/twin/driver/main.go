// Command driver judges the loops of package progs by running them. For each round
// that an exploration would leave out it runs the program without the round and
// with it, some times, and goes on with the same values: what differs then is kept.
// It prints one line of JSON for each place of a round.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/atomic"

	"twin/progs"
)

// A Judged is one round, by the callers of its pause and its operations.
type Judged struct {
	Program int
	Known   string
	Frames  [][]runtime.Frame
	Witness string // how the round was found out; "" if it keeps nothing
}

// rounds is how often a trial of the engine, made shorter here, goes round.
const rounds = 600

// play runs the program in a goroutine of its own: one that recovers from the end of
// its script again and again is ended by Goexit.
func play(p func() string, s *atomic.Script) string {
	atomic.Now = s
	progs.Reset()
	end := make(chan string)
	go func() {
		out := "goes on"
		defer func() { end <- out }()
		defer func() {
			switch v := recover().(type) {
			case nil, atomic.Over:
			default:
				out = fmt.Sprintf("panic: %v", v)
			}
		}()
		out = p()
	}()
	return <-end
}

func same(a, b *atomic.Op) bool {
	return a.Object == b.Object && a.Kind == b.Kind && a.Arg == b.Arg && a.Expected == b.Expected && slices.Equal(a.Callers, b.Callers)
}

// loops reports whether the program, behind the values of before, goes round with
// those of round for good, and returns the operations of the last rounds.
func loops(p func() string, before, round []uint32, paused bool) ([]atomic.Op, bool) {
	n := len(round)
	values := slices.Clone(before)
	for range 6 {
		values = append(values, round...)
	}
	s := &atomic.Script{Values: values, Limit: len(values) + 1, Record: true}
	play(p, s)
	if len(s.Done) != s.Limit || !goesRound(s.Done[len(before):], n, paused) {
		return nil, false
	}
	for len(values) < rounds {
		values = append(values, round...)
	}
	s = &atomic.Script{Values: values, Limit: len(values) + 1, Record: true}
	play(p, s)
	if len(s.Done) != s.Limit || !goesRound(s.Done[len(before):], n, paused) {
		return nil, false
	}
	return s.Done[len(s.Done)-n:], true
}

func goesRound(ops []atomic.Op, n int, paused bool) bool {
	for i := range ops[:len(ops)-1] {
		if o := &ops[i]; o.Effect || i >= n && !same(o, &ops[i-n]) || paused && i > 0 && i%n == 0 && !o.Paused {
			return false
		}
	}
	last := len(ops) - 1
	return same(&ops[last], &ops[last-n]) && (!paused || ops[last].Paused)
}

func describe(s *atomic.Script, skip int, out string) string {
	var b strings.Builder
	for _, o := range s.Done[min(skip, len(s.Done)):] {
		fmt.Fprintf(&b, "%d.%d(%d,%d)=%d ", o.Object, o.Kind, o.Arg, o.Expected, o.Found)
	}
	return b.String() + out
}

// differs compares the program with and without the round. Where nothing pauses, two
// rounds are explored, and further ones left out.
func differs(p func() string, before, round []uint32, paused bool, rnd *rand.Rand) string {
	explored := 2
	if paused {
		explored = 0
	}
	for i := range 40 {
		rest := rnd.Uint64()
		var next []uint32
		for range rnd.IntN(5) {
			next = append(next, uint32(rnd.IntN(3)))
		}
		run := func(k int) string {
			values := slices.Clone(before)
			for range explored + k {
				values = append(values, round...)
			}
			skip := len(values)
			values = append(values, next...)
			s := &atomic.Script{Values: values, Rest: rest, Limit: skip + 30}
			out := play(p, s)
			return describe(s, skip, out)
		}
		without := run(0)
		for _, k := range []int{1, 2, 3, 5, rounds + 100} {
			if k > rounds && i > 4 {
				continue
			}
			if with := run(k); with != without {
				return fmt.Sprintf("before %v, round %v: without %q, after %d %q", before, round, without, k, with)
			}
		}
	}
	return ""
}

// judge looks for rounds behind a pause, or for those of loops without one.
func judge(number int, p func() string, seed uint64, tries int, paused bool) (list []*Judged) {
	rnd := rand.New(rand.NewPCG(seed, uint64(number)))
	known := make(map[string]*Judged)
	for range tries {
		before := make([]uint32, rnd.IntN(5))
		round := make([]uint32, 1+rnd.IntN(3))
		for _, v := range [][]uint32{before, round} {
			for i := range v {
				v[i] = uint32(rnd.IntN(3))
			}
		}
		ops, ok := loops(p, before, round, paused)
		if !ok {
			continue
		}
		shorter := false // then the engine takes that one
		for n := 1; n < len(round) && !shorter; n++ {
			_, shorter = loops(p, slices.Concat(before, round), round[len(round)-n:], paused)
		}
		if shorter {
			continue
		}
		sites := [][]runtime.Frame{nil}
		if paused {
			sites[0] = frames(ops[0].Pause)
		}
		for _, o := range ops {
			sites = append(sites, frames(o.Callers))
		}
		key := ""
		if paused {
			key = fmt.Sprint(ops[0].Pause)
		}
		for _, o := range ops {
			key += fmt.Sprint(o.Callers)
		}
		j := known[key]
		if j == nil {
			j = &Judged{Program: number, Frames: sites}
			known[key] = j
			list = append(list, j)
		}
		if j.Witness == "" {
			j.Witness = differs(p, before, round, paused, rnd)
		}
	}
	return list
}

// frames is the frames of users, innermost first.
func frames(pcs []uintptr) (list []runtime.Frame) {
	for all := runtime.CallersFrames(pcs); ; {
		f, more := all.Next()
		if strings.HasPrefix(f.Function, "main.") || strings.HasPrefix(f.Function, "runtime.") {
			return list
		}
		f.Func = nil
		list = append(list, f)
		if !more {
			return list
		}
	}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for name, p := range progs.Known {
		if progs.Seed > 0 {
			break
		}
		found := false
		for _, paused := range []bool{true, false} {
			for _, j := range judge(0, p, progs.Seed, 200, paused) {
				j.Known = name
				out.Encode(j)
				found = found || j.Witness != ""
			}
		}
		if !found {
			fmt.Fprintln(os.Stderr, "keeps nothing:", name)
		}
	}
	for i, p := range progs.All {
		for _, paused := range []bool{true, false} {
			for _, j := range judge(i, p, progs.Seed, 50, paused) {
				out.Encode(j)
			}
		}
	}
}
