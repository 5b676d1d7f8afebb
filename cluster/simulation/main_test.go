package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func costs(t *testing.T) Costs {
	t.Helper()
	c, err := readCosts(measured)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheTableIsThatOfTheReadme(t *testing.T) {
	var b strings.Builder
	if err := run(false, "", &b); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), b.String()) {
		t.Errorf("cluster/README.md has another table than this:\n%s", b.String())
	}
}

func TestAllWorkIsDoneOnce(t *testing.T) {
	for _, n := range []int{1, 3, 50, 400} {
		for seed := range uint64(3) {
			work := time.Duration(n) * time.Minute
			o := simulate(costs(t), n, work, seed)
			if o.Explored != work {
				t.Errorf("%d workers, seed %d: %v of %v was done", n, seed, o.Explored, work)
			}
			if o.Took*time.Duration(n) < work {
				t.Errorf("%d workers, seed %d: faster than %d times: %v", n, seed, n, o.Took)
			}
		}
	}
}

func TestWhatCostsMoreIsNotFaster(t *testing.T) {
	cheap := costs(t)
	dear := cheap
	dear.Result *= 50
	dear.Stored *= 50
	if a, b := simulate(cheap, 500, 500*time.Minute, 1), simulate(dear, 500, 500*time.Minute, 1); b.Took <= a.Took || b.Coordinator <= a.Coordinator {
		t.Errorf("%+v, for more: %+v", a, b)
	}
}

func TestBadCosts(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "costs.json")
	if err := os.WriteFile(bad, []byte(`{"cores": 0}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{bad, bad + "x", os.Args[0]} {
		if err := run(false, file, &strings.Builder{}); err == nil {
			t.Errorf("%s: no error", file)
		}
	}
}
