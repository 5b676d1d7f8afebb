package main

import (
	"fmt"
	"math"

	"github.com/fearless-go/fearless/model"
)

// A program is one that scales and whose number of executions is known.
type program struct {
	name string
	// make returns the program with size n.
	make  func(n int) func()
	sizes []int // of the table
	small []int // of the tests
	// executions is how many are consistent under a memory model, or unknown.
	executions func(n int, m model.MemoryModel) int
	told       bool // no two executions observe the same, see observing
	// genmc is how many executions a second GenMC was seen to explore once, on one
	// core, without symmetry reduction.
	genmc map[int]float64
}

const unknown = -1

func (p *program) title(n int) string {
	if n == 0 {
		return p.name
	}
	return fmt.Sprintf("%s(%d)", p.name, n)
}

func factorial(n int) int {
	f := 1
	for i := 2; i <= n; i++ {
		f *= i
	}
	return f
}

func power(base, exponent int) int {
	return int(math.Round(math.Pow(float64(base), float64(exponent))))
}

// casrots is the number of executions of casrot(n). Number i succeeds if it
// reads i-1, so some k from the first on succeed, in turn. The next one reads
// any of the k values but the one that it looks for, those after it any of k+1.
func casrots(n int) int {
	all := 1 // all succeed
	for k := 1; k < n; k++ {
		all += k * power(k+1, n-k-1)
	}
	return all
}

// formula is a count that is the same under both memory models.
func formula(f func(n int) int) func(int, model.MemoryModel) int {
	return func(n int, _ model.MemoryModel) int { return f(n) }
}

// counted is a count that was measured: under RC11, and under SC.
func counted(rc11, sc map[int]int) func(int, model.MemoryModel) int {
	return func(n int, m model.MemoryModel) int {
		counts := rc11
		if m == model.SC {
			counts = sc
		}
		if c, ok := counts[n]; ok {
			return c
		}
		return unknown
	}
}

var programs = []program{
	{
		name: "readers", make: readers, sizes: []int{16}, small: []int{1, 5, 10}, told: true,
		executions: formula(func(n int) int { return power(2, n) }), genmc: map[int]float64{16: 27_000},
	},
	{
		name: "ainc", make: ainc, sizes: []int{8}, small: []int{1, 3, 6}, told: true,
		executions: formula(factorial), genmc: map[int]float64{8: 34_000},
	},
	{
		name: "inc", make: inc, sizes: []int{5}, small: []int{1, 2, 3, 4},
		executions: formula(func(n int) int { return power(factorial(n), 2) }),
	},
	{
		name: "ticketlock", make: ticketLock, sizes: []int{7}, small: []int{1, 2, 4}, told: true,
		executions: formula(factorial), genmc: map[int]float64{7: 21_000},
	},
	{
		name: "ttaslock", make: ttasLock, sizes: []int{4}, small: []int{1, 2, 3},
		executions: formula(func(n int) int { return power(factorial(n), 2) }),
	},
	{
		name: "cinc", make: cinc, sizes: []int{4}, small: []int{1, 2, 3}, told: true,
		executions: formula(func(n int) int { return power(factorial(n), 3) }),
	},
	{
		name: "lastzero", make: lastZero, sizes: []int{15}, small: []int{2, 5, 10}, told: true,
		executions: formula(func(n int) int { return (n + 3) * power(2, n-2) }), genmc: map[int]float64{15: 19_000},
	},
	{
		name: "casrot", make: casRot, sizes: []int{9, 11}, small: []int{2, 3, 4, 5, 6, 7}, told: true,
		executions: formula(casrots), genmc: map[int]float64{11: 181_000},
	},
	{
		name: "CoA", make: coa, sizes: []int{5}, small: []int{1, 2, 3, 4},
		executions: counted(map[int]int{1: 4, 2: 16, 3: 144, 4: 2304, 5: 57600}, map[int]int{2: 15, 3: 130, 4: 2028, 5: 49776}),
	},
	{
		name: "indexer", make: indexer, sizes: []int{12, 15}, small: []int{12}, told: true,
		executions: formula(func(n int) int { return map[int]int{12: 8, 15: 4096}[n] }),
	},
	{
		name: "fib_bench", make: fibBench, sizes: []int{5},
		executions: counted(map[int]int{5: 525630}, map[int]int{5: 218243}), genmc: map[int]float64{5: 181_000},
	},
	{
		name: "big0", make: big0, sizes: []int{0},
		executions: counted(map[int]int{0: 82472}, map[int]int{0: 69112}),
	},
	{
		name: "peterson", make: peterson, sizes: []int{0}, small: []int{0},
		executions: counted(map[int]int{0: 22}, map[int]int{0: 4}),
	},
	{
		name: "chase-lev", make: chaseLev, sizes: []int{0}, small: []int{0},
		executions: counted(map[int]int{0: 65}, map[int]int{0: 59}),
	},
}
